import type { RelayLog } from "../server/ports.ts";
import { parsePosition } from "./position.ts";
import { openRelaySession, type RelayLogOptions } from "./relay-log.ts";

export interface FollowLogOptions extends RelayLogOptions {
  /**
   * Whether everybody who is told of signals follows the log, and no relay serves a broker from it. Old
   * days are then dropped from here, delivered or not: what a follower missed is not waited for. Default
   * false.
   */
  readonly prunes?: boolean;
}

/**
 * The log for a hub: every process reads all of it, for the readers it has itself. There is no lead, and
 * no place in it that outlives the process. It begins where the log stands, since whoever comes later
 * catches up by themselves; but a database session that breaks is followed by one that reads on.
 */
export function createFollowLog({ prunes = false, ...options }: FollowLogOptions): RelayLog {
  let known: string | undefined;
  /** The log in which its readers know their places. */
  let told: string | undefined;
  const epochOf = (position: string | undefined) => parsePosition(position ?? null)?.epoch;
  return {
    open: async (handlers) => {
      const session = await openRelaySession(options, handlers);
      return {
        ...session,
        lead: async () => {
          const now = await session.position();
          // Restored, it is another log, in which the old place means nothing.
          if (epochOf(known) !== epochOf(now)) known = now;
          told ??= epochOf(known);
          return known;
        },
        isRestored: async () => told !== epochOf(await session.position()),
        // It speaks for this process alone, whose relay knows it.
        beat: async () => {},
        // Its readers have caught up when they came.
        recent: async () => [],
        save: async (position) => {
          known = position;
          told = epochOf(position);
        },
        prune: async (maxAgeMs) => {
          // Whoever prunes goes by what the relay has delivered. None does: all of it is nobody's to wait for.
          if (!prunes || (await session.lead()) === undefined) return 0;
          await session.skip();
          return session.prune(maxAgeMs);
        },
      };
    },
  };
}
