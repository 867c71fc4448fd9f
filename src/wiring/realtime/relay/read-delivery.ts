import type { RelayHealth, Sql } from "querycast/server";
import type { SseHub } from "querycast/transports/sse/server";
import type { Database } from "@/db/database.ts";
import { relayReport } from "@/db/schema.ts";
import type { Viewer } from "@/db/viewer.ts";
import type { DeliveryFacts } from "../../context-types.ts";

export interface DeliveryParts {
  readonly database: Database;
  /** Runs single statements that may read the signal log. */
  readonly readLog: Sql;
  /** Null with other transports. */
  readonly hub: Pick<SseHub, "size"> | null;
  readonly hasBroker: boolean;
  /** Health of the relay of this process; null when it does not run one. */
  readonly relayHealth: () => RelayHealth | null;
}

/** Reads how signals are delivered, for admins. */
export async function readDelivery(admin: Viewer, parts: DeliveryParts): Promise<DeliveryFacts> {
  const { database, readLog, hub, hasBroker, relayHealth } = parts;
  if (hub !== null) {
    // Each process that follows the log holds this lock while it waits.
    const [row] = await readLog<{ followers: number }>`
      select count(distinct pid)::int as followers from pg_locks
      where locktype = 'advisory' and mode = 'ShareLock' and granted and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32) | objid::bigint = hashtextextended('querycast.asleep', 0)`;
    const health = relayHealth();
    const isFollowing = health?.state === "leading";
    return {
      mode: "sse",
      ...hub.size(),
      followers: Math.max(row?.followers ?? 0, isFollowing ? 1 : 0),
      isFollowing,
      caughtUpMsAgo: health?.caughtUpMsAgo ?? null,
      lastError: health?.lastError instanceof Error ? health.lastError.message : null,
    };
  }
  if (!hasBroker) return { mode: "pull" };
  const [[report], [beat]] = await Promise.all([
    database.readAs(admin, (tx) => tx.select().from(relayReport)),
    readLog<{ age: number | null }>`select querycast.relay_age_ms()::float8 as age`,
  ]);
  return {
    mode: "broker",
    leader: report?.leader ?? null,
    leadingSince: report?.leadingSince.toISOString() ?? null,
    failures: report?.failures ?? 0,
    lastError:
      report?.lastError == null || report.lastErrorAt === null
        ? null
        : { message: report.lastError, at: report.lastErrorAt.toISOString() },
    caughtUpMsAgo: beat?.age ?? null,
  };
}
