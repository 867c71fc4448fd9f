import { asc, inArray, isNull, sql } from "drizzle-orm";
import type { Database } from "@/db/database.ts";
import { jobRequests } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { correlationId } from "@/lib/http/correlation.ts";
import { singleton } from "@/lib/singleton.ts";
import { createWakeSignal } from "@/lib/wake-signal.ts";
import type { NotificationCause } from "./context-types.ts";
import type { JobEventData, JobEventName } from "./job-events.ts";

const batchSize = 100;

/** The wake signal of this process for committed job requests. */
export const jobWakeSignal = () => singleton("job-wake-signal", createWakeSignal);

/** Requests the notifications for a cause, in the caller's transaction. */
export const requestNotification = (tx: Transaction, cause: NotificationCause): Promise<void> =>
  request(tx, "app/notification.requested", `notif:${cause.causeType}:${cause.causeId}`, cause);

/** Requests the work of an import, in the caller's transaction. */
export const requestImport = (tx: Transaction, importId: string): Promise<void> =>
  request(tx, "app/import.requested", `import:${importId}`, { importId });

/** Requests the e-mail of an invitation, in the caller's transaction. */
export const requestInvitationMail = (tx: Transaction, invitationId: string): Promise<void> =>
  request(tx, "app/invitation-mail.requested", `invitation-mail:${invitationId}`, { invitationId });

/** Requests an answer of the analyst to a message of a chat, in the caller's transaction. */
export const requestAnswer = (tx: Transaction, messageId: string): Promise<void> =>
  request(tx, "app/answer.requested", `answer:${messageId}`, { messageId });

/** The job runs under the correlation id of the request. */
async function request<Name extends JobEventName>(
  tx: Transaction,
  name: Name,
  id: string,
  data: JobEventData<Name>,
): Promise<void> {
  const values = { id, name, data: { ...data, correlation: correlationId() } };
  await tx.insert(jobRequests).values(values).onConflictDoNothing();
}

type JobRequest = Pick<typeof jobRequests.$inferSelect, "id" | "name" | "data">;

/**
 * Passes the oldest unsent requests to `send`, and marks them as sent when it resolves. Several processes
 * may run it at once: each locks the rows it has taken.
 *
 * @returns number of requests sent
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
