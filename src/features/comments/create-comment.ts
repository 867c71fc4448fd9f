import { and, eq, isNull } from "drizzle-orm";
import { refusalOf } from "@/db/refusal-of.ts";
import { assertReadable, notReadable } from "@/db/rows/assert-readable.ts";
import { comments } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { anchorOf } from "@/lib/resource-ref.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { CreateCommentInput, ResourceRef } from "./schema.ts";
import { commentCreated } from "./signals.ts";

/**
 * Creates a comment or a reply, with its signal and its notification request. It is idempotent per id: a
 * double click or a retry after a lost response changes and publishes nothing.
 *
 * @throws {AppError} `not_found` when the viewer may not read the page or the parent was deleted;
 * `conflict` when another comment has the id.
 */
export async function createComment(
  { tx, viewer, publish, requestNotification }: WriteContext,
  { commentId, parentId, body, ...ref }: CreateCommentInput,
): Promise<void> {
  await assertReadable(tx, ref);
  if (parentId !== null) await assertAnswerable(tx, ref, parentId);

  const [created] = await tx
    .insert(comments)
    .values({ id: commentId, parentId, authorId: viewer.userId, body, ...anchorOf(ref) })
    .onConflictDoNothing({ target: comments.id })
    .returning({ id: comments.id })
    .catch((error: unknown) => {
      if (refusalOf(error) !== "foreign_key_violation") throw error;
      // Another transaction has deleted the page, or the parent, since the checks above.
      throw parentId === null ? notReadable(error) : parentDeleted(error);
    });
  if (created === undefined) return assertSameComment(tx, commentId, viewer.userId);

  await publish(commentCreated(ref, commentId));
  await requestNotification({ causeType: "comment", causeId: commentId });
}

/** Checks that a reply is on the page of its parent, which no constraint of the table does. */
async function assertAnswerable(
  tx: WriteContext["tx"],
  ref: ResourceRef,
  parentId: string,
): Promise<void> {
  const column = ref.resourceType === "article" ? comments.articleId : comments.gistId;
  const [parent] = await tx
    .select({ id: comments.id })
    .from(comments)
    .where(and(eq(comments.id, parentId), eq(column, ref.resourceId), isNull(comments.deletedAt)));
  if (parent === undefined) throw parentDeleted();
}

const parentDeleted = (cause?: unknown): AppError =>
  new AppError("not_found", "The comment you reply to was deleted.", { cause });

async function assertSameComment(
  tx: WriteContext["tx"],
  commentId: string,
  authorId: string,
): Promise<void> {
  const [existing] = await tx
    .select({ id: comments.id })
    .from(comments)
    .where(and(eq(comments.id, commentId), eq(comments.authorId, authorId)));
  if (existing === undefined) {
    throw new AppError("conflict", "The comment was not saved. Send it again.");
  }
}
