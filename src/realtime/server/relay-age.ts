import { limits } from "../protocol/limits.ts";
import { createFresh } from "./fresh.ts";
import type { Clock } from "./ports.ts";

/** For how long an age that was read is used. */
const maxAgeMs = 2_000;
/** Between two calls of `onSilent`. */
const reportEveryMs = 60_000;

export interface RelayAgeOptions {
  /** See `SignalLog.relayAgeMs`. */
  readonly read: (() => Promise<number | null>) | undefined;
  readonly clock: Clock;
  /** Called at most once a minute while no relay works. Null: none ever has. */
  readonly onSilent: (relayAgeMs: number | null) => void;
  readonly onError: (error: unknown) => void;
}

/** How long ago the relay had delivered everything, read at most every 2 s; undefined if not known. */
export function createRelayAge(options: RelayAgeOptions): () => Promise<number | undefined> {
  const { read, clock, onSilent } = options;
  if (read === undefined) return async () => undefined;
  const startedAtMs = clock.now();
  let reportedAtMs = Number.NEGATIVE_INFINITY;
  const fresh = createFresh<number | undefined>({
    what: "The age of the relay",
    start: undefined,
    read: async () => {
      const ageMs = await read();
      // A site that has just started has not relayed yet.
      const knownMs = ageMs ?? clock.now() - startedAtMs;
      const isSilent = knownMs >= limits.relaySilenceMs;
      if (isSilent && clock.now() - reportedAtMs >= reportEveryMs) {
        reportedAtMs = clock.now();
        onSilent(ageMs);
      }
      return knownMs;
    },
    maxAgeMs,
    clock,
    onError: options.onError,
  });
  return fresh.current;
}
