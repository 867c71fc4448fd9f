import type { CatchUpAnswer } from "../server/catch-up.ts";
import { parsePosition } from "./position.ts";
import { isFinished } from "./snapshot.ts";

/** Remembers what this process told those who caught up, so that a trace can count it. */
export interface CatchUpRecord {
  /** For `onCatchUp` of the route. */
  note(answers: readonly CatchUpAnswer[]): void;
  /** Answers that covered a transaction of a log on a channel. */
  covering(
    channel: string,
    transaction: { readonly epoch: string; readonly xid: string },
  ): Covering;
}

export interface Covering {
  /** Answers that were kept begin here. */
  readonly knownSince: Date;
  /** It was in the answer. */
  readonly replays: number;
  /** The reader was told to read everything on the channel. */
  readonly gaps: number;
}

export interface CatchUpRecordOptions {
  /** Answers kept, one per channel asked about; the oldest are forgotten first. Default 10,000. */
  readonly capacity?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * In memory, and of one process: a herd of returning clients is answered a hundred thousand times, and
 * no row is written for it.
 */
export function createCatchUpRecord(options: CatchUpRecordOptions = {}): CatchUpRecord {
  const { capacity = 10_000, now = Date.now } = options;
  let knownSince = now();
  let kept: { readonly answer: CatchUpAnswer; readonly at: number }[] = [];
  return {
    note: (answers) => {
      const at = now();
      for (const answer of answers) {
        // Who missed nothing was not told of any signal.
        if (answer.status !== "upToDate") kept.push({ answer, at });
      }
      // Rarely, and then in bulk: shifting one by one would copy the list each time.
      if (kept.length >= 2 * capacity) {
        kept = kept.slice(-capacity);
        knownSince = kept[0]?.at ?? at;
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
      return { knownSince: new Date(knownSince), replays, gaps: answers.length - replays };
    },
  };
}
