import type { Clock } from "../../protocol/clock.ts";
import { limits } from "../../protocol/limits.ts";
import { createTtlCache } from "../ttl-cache.ts";

/** How long an age is used before it is read again. */
const maxAgeMs = 2_000;
/** Minimum time between two calls of `onSilent`. */
const reportEveryMs = 60_000;

export interface RelayAgeOptions {
  /** See `SignalLog.relayAgeMs`. */
  readonly read: (() => Promise<number | null>) | undefined;
  readonly clock: Clock;
  /** Called at most once a minute while no relay works; null when none ever has. */
  readonly onSilent: (relayAgeMs: number | null) => void;
  readonly onError: (error: unknown) => void;
}

/** Returns the milliseconds since the relay had delivered everything, read at most every 2 s; undefined if unknown. */
export function createRelayAge(options: RelayAgeOptions): () => Promise<number | undefined> {
  const { read, clock, onSilent } = options;
  if (read === undefined) return async () => undefined;
  const startedAtMs = clock.now();
  let reportedAtMs = Number.NEGATIVE_INFINITY;
  const age = createTtlCache<number | undefined>({
    what: "The age of the relay",
    start: undefined,
    read: async () => {
      const ageMs = await read();
      // No relay has ever worked: count from the start of the process, so that a new site has time to start one.
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
  return age.current;
}
