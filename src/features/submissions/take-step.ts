import { and, eq, sql } from "drizzle-orm";
import { refusalOf } from "@/db/refusal-of.ts";
import { articleTags, submissions } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { Permission } from "@/lib/publications/permissions.ts";
import { isAllowed, isPossible, stateWords, steps } from "@/lib/publications/process.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { requestTaskNotifications } from "./request-task-notifications.ts";
import type { TakeStepInput } from "./schema.ts";
import { articlePublished } from "./signals.ts";

/**
 * Takes a step of the editorial process. The policies of `submissions` decide; the checks here give the reason.
 * Triggers write timeline and tasks, and publish the article.
 *
 * @throws {AppError} `not_found` when the viewer may not read the submission; `forbidden` without the permission, and
 * for an own article; `conflict` when the submission or its text was changed since it was read.
 */
export async function takeStep(
  context: WriteContext,
  { submissionId, step, note, version, scheduledFor }: TakeStepInput,
): Promise<void> {
  const { tx, viewer, publish, requestNotification } = context;
  const [current] = await tx
    .select({
      state: submissions.state,
      authorId: submissions.authorId,
      articleId: submissions.articleId,
      publicationId: submissions.publicationId,
      permissions: sql<Permission[]>`to_json(app.viewer_permissions(${submissions.publicationId}))`,
    })
    .from(submissions)
    .where(eq(submissions.id, submissionId));
  if (current === undefined) {
    throw new AppError("not_found", "This submission does not exist, or you have no access to it.");
  }
  const { state, authorId, articleId, publicationId, permissions } = current;
  const isAuthor = authorId === viewer.userId;
  if (!isAllowed(step, { isAuthor, permissions })) {
    throw new AppError(
      "forbidden",
      isAuthor
        ? "This step is for other members: authors cannot decide about their own article."
        : "Your roles do not allow this step. Ask an owner of the publication.",
    );
  }
  if (!isPossible(step, state)) {
    throw new AppError(
      "conflict",
      `The submission was changed in the meantime. Its state is now “${stateWords[state]}”.`,
    );
  }
  const { to } = steps[step];
  // The viewer gets the task that the step creates.
  await tx.execute(sql`select app.lock_viewer_roles(${publicationId})`);
  const { count } = await tx
    .update(submissions)
    .set({
      state: to,
      note,
      ...(step === "approve" && { approvedVersion: sql`${version ?? null}::timestamptz` }),
      ...(step === "schedule" && { scheduledFor: sql`${scheduledFor ?? null}::timestamptz` }),
    })
    .where(and(eq(submissions.id, submissionId), eq(submissions.state, state)))
    .catch((error: unknown) => {
      if (refusalOf(error) !== "check_violation") throw error;
      throw new AppError(
        "conflict",
        step === "approve"
          ? "The text was changed since you opened it. Read it again, then approve it."
          : "The text was changed after its approval. It has to be reviewed again.",
        { cause: error },
      );
    });
  if (count === 0) {
    throw new AppError("conflict", "The submission was changed in the meantime. Try again.");
  }
  await requestTaskNotifications(context, submissionId);
  if (to === "published") {
    const tags = await tx
      .select({ id: articleTags.tagId })
      .from(articleTags)
      .where(eq(articleTags.articleId, articleId));
    await publish(...articlePublished({ articleId, authorId, tagIds: tags.map(({ id }) => id) }));
    await requestNotification({ causeType: "submission", causeId: submissionId });
  }
}
