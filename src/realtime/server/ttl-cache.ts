import type { Clock } from "../protocol/clock.ts";
import { within } from "./within.ts";

/** How long `current` waits for a read before it returns the last known value. */
const waitMs = 1_000;

export interface TtlCacheOptions<Value> {
  /** Subject of error messages, e.g. "The settings". */
  readonly what: string;
  /** Value until the first successful read. */
  readonly start: Value;
  readonly read: () => Promise<Value>;
  /** How long a value is used before it is read again. */
  readonly maxAgeMs: number;
  readonly clock: Clock;
  /** Receives errors of `read`; the last known value stays in use. */
  readonly onError: (error: unknown) => void;
}

/** A value that is read on demand, at most once in `maxAgeMs`. */
export interface TtlCache<Value> {
  /** Returns the current value, or the last known one if it cannot be read. Never rejects. */
  current(): Promise<Value>;
  /** Expires the value: the next `current` reads it. */
  forget(): void;
}

export function createTtlCache<Value>(options: TtlCacheOptions<Value>): TtlCache<Value> {
  const { what, read, maxAgeMs, clock, onError } = options;
  let value = options.start;
  /** Start of the read that returned the value. */
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const refresh = () => {
    const startedAtMs = clock.now();
    const attempt = read()
      .then((next) => {
        // A read that began before `forget` may have returned an outdated value.
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
