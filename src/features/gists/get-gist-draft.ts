import { and, asc, eq } from "drizzle-orm";
import { gistFiles, gists } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { GistDraft } from "./schema.ts";

/** The viewer's own gist for editing; `null` for other viewers. */
export async function getGistDraft(
  { tx, viewer }: ReadContext,
  { id }: { readonly id: string },
): Promise<GistDraft | null> {
  if (viewer.userId === null) return null;
  const [[gist], files] = await Promise.all([
    tx
      .select()
      .from(gists)
      .where(and(eq(gists.id, id), eq(gists.ownerId, viewer.userId))),
    tx
      .select({ filename: gistFiles.filename, content: gistFiles.content })
      .from(gistFiles)
      .where(eq(gistFiles.gistId, id))
      .orderBy(asc(gistFiles.position), asc(gistFiles.filename)),
  ]);
  if (gist === undefined) return null;
  return {
    id,
    title: gist.title,
    description: gist.description,
    isPrivate: gist.visibility === "private",
    updatedAt: gist.updatedAt.toISOString(),
    files,
  };
}
