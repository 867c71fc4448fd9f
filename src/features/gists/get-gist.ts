import { asc, eq } from "drizzle-orm";
import { storedRenderingColumns } from "@/db/rows/stored-rendering-columns.ts";
import { gistFiles, gists, renderings, users } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { GistSource } from "./schema.ts";

/**
 * A gist with its files in order and their stored renderings.
 *
 * @throws {AppError} `not_found` when it does not exist or the viewer has no access; both look the same.
 */
export async function getGist(
  { tx }: ReadContext,
  { id }: { readonly id: string },
): Promise<GistSource> {
  const [rows, files] = await Promise.all([
    tx
      .select({
        gist: gists,
        owner: { id: users.id, handle: users.handle, name: users.name },
      })
      .from(gists)
      .innerJoin(users, eq(users.id, gists.ownerId))
      .where(eq(gists.id, id)),
    tx
      .select({
        id: gistFiles.id,
        filename: gistFiles.filename,
        language: gistFiles.language,
        content: gistFiles.content,
        rendering: storedRenderingColumns,
      })
      .from(gistFiles)
      .leftJoin(renderings, eq(renderings.gistFileId, gistFiles.id))
      .where(eq(gistFiles.gistId, id))
      .orderBy(asc(gistFiles.position), asc(gistFiles.filename)),
  ]);
  const [row] = rows;
  if (row === undefined)
    throw new AppError("not_found", "This gist does not exist, or is private.");
  const { gist, owner } = row;
  return {
    id: gist.id,
    title: gist.title,
    description: gist.description,
    isPrivate: gist.visibility === "private",
    createdAt: gist.createdAt.toISOString(),
    updatedAt: gist.updatedAt.toISOString(),
    owner,
    files,
  };
}
