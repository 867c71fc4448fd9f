import { asc, inArray, isNull, sql } from "drizzle-orm";
import type { Database } from "@/db/database.ts";
import { jobRequests } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import type { NotificationCause } from "@/features/context.ts";
import { createBell } from "@/lib/bell.ts";
import { correlationId } from "@/lib/correlation.ts";
import { singleton } from "@/lib/singleton.ts";

const batchSize = 100;

/** Rings in this process when a transaction that asked for a job has committed. */
export const jobBell = () => singleton("job-bell", createBell);

/** Asks, in the caller's transaction, for the notification about a comment or a reaction. */
export async function requestNotification(
  tx: Transaction,
  cause: NotificationCause,
): Promise<void> {
  await tx
    .insert(jobRequests)
    .values({
      id: `notif:${cause.causeType}:${cause.causeId}`,
      name: "app/notification.requested",
      // The job goes on under the id of the request.
      data: { ...cause, correlation: correlationId() },
    })
    .onConflictDoNothing();
}

type JobRequest = Pick<typeof jobRequests.$inferSelect, "id" | "name" | "data">;

/**
 * Gives the oldest requests nobody has handed over to `send`, and marks them when it resolves. Several
 * processes may do this at once: each locks the rows it has taken.
 *
 * @returns how many there were.
 */
export function takeJobRequests(
  database: Database,
  send: (requests: readonly JobRequest[]) => Promise<void>,
): Promise<number> {
  return database.asWorker(async (tx) => {
    const requests = await tx
      .select({ id: jobRequests.id, name: jobRequests.name, data: jobRequests.data })
      .from(jobRequests)
      .where(isNull(jobRequests.sentAt))
      .orderBy(asc(jobRequests.createdAt))
      .limit(batchSize)
      .for("update", { skipLocked: true });
    if (requests.length === 0) return 0;
    await send(requests);
    const ids = requests.map((request) => request.id);
    await tx.update(jobRequests).set({ sentAt: sql`now()` }).where(inArray(jobRequests.id, ids));
    return requests.length;
  });
}
