import { eq, sql } from "drizzle-orm";
import { submissionTasks } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { TaskInput } from "./schema.ts";

/**
 * Assigns an open task to the viewer, or gives it back to the members with its permission.
 *
 * @throws {AppError} `conflict` when another member has taken it, it is closed, or the viewer's roles do not allow it.
 */
export async function takeTask(
  { tx, viewer }: WriteContext,
  { taskId, isTaken }: TaskInput,
): Promise<void> {
  await tx
    .select({ locked: sql`app.lock_viewer_roles(${submissionTasks.publicationId})` })
    .from(submissionTasks)
    .where(eq(submissionTasks.id, taskId));
  const { count } = await tx
    .update(submissionTasks)
    .set({ assigneeId: isTaken ? viewer.userId : null })
    .where(eq(submissionTasks.id, taskId));
  if (count === 0) {
    throw new AppError(
      "conflict",
      "This task was closed or taken in the meantime, or your roles do not allow it.",
    );
  }
}
