import { eq } from "drizzle-orm";
import { refusalOf } from "@/db/refusal-of.ts";
import { submissions } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { requestTaskNotifications } from "./request-task-notifications.ts";
import type { ProposeInput } from "./schema.ts";

/**
 * Starts the editorial process of the viewer's own article: as a draft, which only the viewer reads, or submitted.
 *
 * @throws {AppError} `forbidden` when the article is deleted or not the viewer's, or the viewer is no member;
 * `conflict` when the article is in a process already.
 */
export async function propose(
  context: WriteContext,
  { publicationId, submissionId, articleId, note, isDraft }: ProposeInput,
): Promise<void> {
  const { tx, viewer } = context;
  await tx
    .insert(submissions)
    .values({ id: submissionId, publicationId, articleId, authorId: viewer.userId, note: "" })
    .catch(refuse);
  if (!isDraft) {
    await tx
      .update(submissions)
      .set({ state: "submitted", note })
      .where(eq(submissions.id, submissionId));
  }
  await requestTaskNotifications(context, submissionId);
}

function refuse(error: unknown): never {
  const refusal = refusalOf(error);
  if (refusal === "unique_violation") {
    throw new AppError("conflict", "This article is in an editorial process already. Open it.", {
      cause: error,
    });
  }
  if (refusal === "insufficient_privilege") {
    throw new AppError(
      "forbidden",
      "Only members can submit, and only their own articles that are not deleted.",
      {
        cause: error,
      },
    );
  }
  throw error;
}
