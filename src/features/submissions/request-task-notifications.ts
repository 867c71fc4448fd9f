import { and, eq } from "drizzle-orm";
import { submissionTasks } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";

/** Requests the notifications for the open tasks of a submission. A task notifies a person once. */
export async function requestTaskNotifications(
  { tx, requestNotification }: Pick<WriteContext, "tx" | "requestNotification">,
  submissionId: string,
): Promise<void> {
  const tasks = await tx
    .select({ id: submissionTasks.id })
    .from(submissionTasks)
    .where(and(eq(submissionTasks.submissionId, submissionId), eq(submissionTasks.status, "open")));
  for (const { id } of tasks) await requestNotification({ causeType: "task", causeId: id });
}
