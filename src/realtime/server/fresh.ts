import { within } from "./clock.ts";
import type { Clock } from "./ports.ts";

/** For how long a question waits for an answer before the last known one serves. */
const waitMs = 1_000;

export interface FreshOptions<Value> {
  /** Names it in errors, e.g. "The settings". */
  readonly what: string;
  /** What holds until it could be read. */
  readonly start: Value;
  readonly read: () => Promise<Value>;
  /** For how long it is not read again. */
  readonly maxAgeMs: number;
  readonly clock: Clock;
  /** Told why it could not be read: the last known goes on to hold. */
  readonly onError: (error: unknown) => void;
}

/** Something that is set elsewhere and read when it is needed, at most every so often. */
export interface Fresh<Value> {
  /** As it is now, or was when it could last be read. Never rejects. */
  current(): Promise<Value>;
  /** Has the next question read it anew. */
  forget(): void;
}

export function createFresh<Value>(options: FreshOptions<Value>): Fresh<Value> {
  const { what, read, maxAgeMs, clock, onError } = options;
  let value = options.start;
  /** When the value at hand began to be read. */
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const refresh = () => {
    const startedAtMs = clock.now();
    const attempt = read()
      .then((next) => {
        // One that began before it was told to forget may have seen what is no longer so.
        if (reading === attempt) value = next;
      })
      .catch(onError)
      .finally(() => {
        if (reading !== attempt) return;
        reading = undefined;
        readAtMs = startedAtMs;
      });
    reading = attempt;
    return attempt;
  };

  return {
    current: async () => {
      if (reading || clock.now() - readAtMs >= maxAgeMs) {
        await within(clock, waitMs, what, reading ?? refresh()).catch(onError);
      }
      return value;
    },
    forget: () => {
      reading = undefined;
      readAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}
