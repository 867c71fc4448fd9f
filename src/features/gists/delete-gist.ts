import { and, eq } from "drizzle-orm";
import { gists } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { DeleteGistInput } from "./schema.ts";
import { gistDeleted } from "./signals.ts";

/**
 * Deletes the viewer's own gist, with its files and comments.
 *
 * @throws {AppError} `not_found` when it belongs to another person or was deleted.
 */
export async function deleteGist(
  { tx, viewer, publish }: WriteContext,
  { gistId }: DeleteGistInput,
): Promise<void> {
  const { count } = await tx
    .delete(gists)
    .where(and(eq(gists.id, gistId), eq(gists.ownerId, viewer.userId)));
  if (count === 0) throw new AppError("not_found", "This gist was deleted already.");
  await publish(gistDeleted(viewer.userId, gistId));
}
