import { lt, sql } from "drizzle-orm";
import type { RealtimeDecision } from "querycast/server";
import type { Database } from "@/db/database.ts";
import { noteAudit } from "@/db/rows/note-audit.ts";
import { channelJoins } from "@/db/schema.ts";
import type { SiteViewer } from "./rules.ts";

export interface JoinRecordOptions {
  readonly database: Database;
  readonly onError: (error: unknown) => void;
  /** Milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

/** Records granted joins, and refused joins and catch-ups: `denied` or `invalid`. */
export interface JoinRecord {
  /** Queues a decision. It is written later, so the response does not wait for it. */
  note(decision: RealtimeDecision<SiteViewer>): void;
  /** Writes the queued decisions. */
  flush(): Promise<void>;
}

const flushAfterMs = 1_000;
/** A repeated refusal is recorded once a minute. */
const repeatAfterMs = 60_000;
/** Entries per flush, which bounds what a flood of requests can write. */
const entriesAtMost = 500;
const keptMs = 24 * 60 * 60 * 1_000;
const pruneEveryMs = 10 * 60 * 1_000;
const subjectCharacters = 200;

interface Refused {
  readonly userId: string;
  readonly channel: string;
  readonly via: string;
}

/** Records decisions in batches. No decision waits for it or depends on it. */
export function createJoinRecord(options: JoinRecordOptions): JoinRecord {
  const { database, onError, now = Date.now } = options;
  let joins = new Map<string, { readonly channel: string; readonly userId: string }>();
  let refused = new Map<string, Refused>();
  let toldAtMs = new Map<string, number>();
  let dropped = 0;
  let planned: NodeJS.Timeout | undefined;
  let prunedAtMs = Number.NEGATIVE_INFINITY;

  const flush = async () => {
    clearTimeout(planned);
    planned = undefined;
    const [joined, refusals, lost] = [[...joins.values()], [...refused.values()], dropped];
    joins = new Map();
    refused = new Map();
    dropped = 0;
    toldAtMs = new Map([...toldAtMs].filter(([, at]) => now() - at < repeatAfterMs));
    const isPruning = now() - prunedAtMs >= pruneEveryMs;
    if (joined.length + refusals.length === 0 && !isPruning) return;
    if (isPruning) prunedAtMs = now();
    try {
      await database.asWorker(async (tx) => {
        if (joined.length > 0) {
          await tx
            .insert(channelJoins)
            .values(joined)
            .onConflictDoUpdate({
              target: [channelJoins.channel, channelJoins.userId],
              set: { joinedAt: sql`now()` },
            });
        }
        if (refusals.length > 0) {
          const notes = refusals.map(({ userId, channel, via }) => ({
            actorId: userId,
            action: "join.denied",
            subject: channel,
            detail: { via, ...(lost > 0 ? { unrecorded: lost } : {}) },
          }));
          await noteAudit(tx, ...notes);
        }
        if (isPruning) {
          const oldest = sql`now() - ${keptMs}::float8 * interval '1 millisecond'`;
          await tx.delete(channelJoins).where(lt(channelJoins.joinedAt, oldest));
        }
      });
    } catch (error) {
      onError(error);
    }
  };

  return {
    flush,
    note: ({ viewer, type, results }) => {
      for (const { channel, status } of results) {
        const key = `${viewer.id} ${channel}`;
        if (status === "joined" && joins.size < entriesAtMost) {
          joins.set(key, { channel, userId: viewer.id });
        }
        const isRefused = status === "denied" || status === "invalid";
        if (!isRefused || now() - (toldAtMs.get(key) ?? 0) < repeatAfterMs) continue;
        if (refused.size >= entriesAtMost) {
          dropped += 1;
          continue;
        }
        toldAtMs.set(key, now());
        const subject = channel.slice(0, subjectCharacters).replaceAll("\0", "");
        refused.set(key, { userId: viewer.id, channel: subject, via: type });
      }
      if (planned !== undefined || joins.size + refused.size === 0) return;
      planned = setTimeout(() => void flush(), flushAfterMs);
      planned.unref();
    },
  };
}
