import { and, eq, sql } from "drizzle-orm";
import { gistFiles, gists } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { fileRows } from "./file-rows.ts";
import type { UpdateGistInput } from "./schema.ts";
import { gistUpdated } from "./signals.ts";

/**
 * Updates the viewer's own gist and its files. A gist that is made private is unreadable for others with
 * the commit.
 *
 * @throws {AppError} `not_found` when it belongs to another person; `conflict` when it was changed since it
 * was opened.
 */
export async function updateGist(
  { tx, viewer, publish }: WriteContext,
  input: UpdateGistInput,
): Promise<void> {
  const { gistId, title, description, isPrivate, updatedAt } = input;
  const [current] = await tx
    .select({ updatedAt: gists.updatedAt })
    .from(gists)
    .where(and(eq(gists.id, gistId), eq(gists.ownerId, viewer.userId)))
    .for("update");
  if (current === undefined) {
    throw new AppError(
      "not_found",
      "This gist no longer exists, or belongs to another account. It was not changed.",
    );
  }
  if (current.updatedAt.toISOString() !== updatedAt) {
    throw new AppError(
      "conflict",
      "This gist was changed in another tab or on another device. Copy your changes, then open it again.",
    );
  }
  await tx
    .update(gists)
    .set({
      title,
      description,
      visibility: isPrivate ? "private" : "public",
      updatedAt: sql`now()`,
    })
    .where(eq(gists.id, gistId));
  await tx.delete(gistFiles).where(eq(gistFiles.gistId, gistId));
  await tx.insert(gistFiles).values(fileRows(input));
  await publish(...gistUpdated(viewer.userId, gistId));
}
