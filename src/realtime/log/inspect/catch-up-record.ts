import type { CatchUpAnswer } from "../../server/route/catch-up.ts";
import { parsePosition } from "../read/position.ts";
import { isFinished } from "../read/snapshot.ts";

/** Records the catch-up answers of this process, so that a trace can count those that contained a signal. */
export interface CatchUpRecord {
  /** Adds answers. Pass it as `onCatchUp` of the route. */
  note(answers: readonly CatchUpAnswer[]): void;
  /** Counts the answers that covered a transaction on a channel. */
  covering(
    channel: string,
    transaction: { readonly epoch: string; readonly xid: string },
  ): Covering;
}

/** Result of {@link CatchUpRecord.covering}. */
export interface Covering {
  /** Start of the recorded answers; earlier ones are not counted. */
  readonly knownSince: Date;
  /** Answers that replayed the signal. */
  readonly replays: number;
  /** Answers that were a gap, after which the client refetched everything on the channel. */
  readonly gaps: number;
}

/** Options of {@link createCatchUpRecord}. */
export interface CatchUpRecordOptions {
  /** Minimum number of answers kept, one per channel of a request; the oldest are dropped first. Default 10,000. */
  readonly capacity?: number;
  /** Returns milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Creates a record in the memory of one process. It is not stored in the database, since a mass reconnection would
 * write a row for each of a hundred thousand answers.
 */
export function createCatchUpRecord(options: CatchUpRecordOptions = {}): CatchUpRecord {
  const { capacity = 10_000, now = Date.now } = options;
  let knownSinceMs = now();
  let kept: { readonly answer: CatchUpAnswer; readonly at: number }[] = [];
  return {
    note: (answers) => {
      const at = now();
      for (const answer of answers) {
        // An `upToDate` answer covers no signal.
        if (answer.status !== "upToDate") kept.push({ answer, at });
      }
      // Trimmed in bulk: removing one element at a time would copy the list each time.
      if (kept.length >= 2 * capacity) {
        kept = kept.slice(-capacity);
        knownSinceMs = kept[0]?.at ?? at;
      }
    },
    covering: (channel, { epoch, xid }) => {
      const covers = (answer: CatchUpAnswer) => {
        const until = parsePosition(answer.until);
        if (until?.epoch !== epoch || !isFinished(BigInt(xid), until.snapshot)) return false;
        const since = parsePosition(answer.since);
        return since?.epoch !== epoch || !isFinished(BigInt(xid), since.snapshot);
      };
      const answers = kept.filter(({ answer }) => answer.channel === channel && covers(answer));
      const replays = answers.filter(({ answer }) => answer.status === "replay").length;
      return { knownSince: new Date(knownSinceMs), replays, gaps: answers.length - replays };
    },
  };
}
