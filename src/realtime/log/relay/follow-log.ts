import type { RelayLog } from "../../server/ports.ts";
import { parsePosition } from "../read/position.ts";
import { openRelaySession, type RelayLogOptions } from "./relay-log.ts";

/** Options of {@link createFollowLog}. */
export interface FollowLogOptions extends RelayLogOptions {
  /**
   * Whether this log also deletes old rows. Set it only if no relay serves a broker from the same log: rows are
   * deleted by age alone, whether delivered or not. Default false.
   */
  readonly prunes?: boolean;
}

/**
 * Creates the log for an SSE hub: each process reads the whole log for its own clients. It takes no lead and saves no
 * position. It starts at the current end of the log, since new clients catch up on their own. After a lost database
 * session it continues at its last position.
 */
export function createFollowLog({ prunes = false, ...options }: FollowLogOptions): RelayLog {
  let known: string | undefined;
  /** Epoch of the log that the clients' cursors belong to. */
  let announced: string | undefined;
  const epochOf = (position: string | undefined) => parsePosition(position ?? null)?.epoch;
  return {
    open: async (handlers) => {
      const session = await openRelaySession(options, handlers);
      return {
        ...session,
        lead: async () => {
          const now = await session.position();
          // After a restore the log has another epoch, and the old position is invalid.
          if (epochOf(known) !== epochOf(now)) known = now;
          announced ??= epochOf(known);
          return known;
        },
        isRestored: async () => announced !== epochOf(await session.position()),
        // The hub measures the age of its own relay.
        beat: async () => {},
        // Clients catch up when they connect, so no tail needs repeating.
        recent: async () => [],
        save: async (position) => {
          known = position;
          announced = epochOf(position);
        },
        prune: async (maxAgeMs) => {
          // Pruning keeps rows after the relay's saved position. There is no relay, so move the position to the end.
          if (!prunes || (await session.lead()) === undefined) return 0;
          await session.skip();
          return session.prune(maxAgeMs);
        },
      };
    },
  };
}
