import { and, asc, desc, eq, sql } from "drizzle-orm";
import { comesAfter } from "@/db/rows/keyset.ts";
import { gistComments, gists, users } from "@/db/schema.ts";
import { type Page, parseCursor, toPage } from "@/lib/pages/page-cursor.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { type GistEntry, gistsPerPage, type ListGistsInput } from "./schema.ts";

/**
 * One page of the gists that the viewer may read, last changed first. Without an owner it lists public
 * gists only; private ones are in their owner's list.
 */
export async function listGists(
  { tx }: ReadContext,
  { ownerId, after }: ListGistsInput,
): Promise<Page<GistEntry>> {
  const rows = await tx
    .select({
      id: gists.id,
      title: gists.title,
      description: gists.description,
      visibility: gists.visibility,
      createdAt: gists.createdAt,
      updatedAt: gists.updatedAt,
      at: sql<string>`${gists.updatedAt}::text`,
      filenames: sql<string[]>`array(select filename from gist_files
        where gist_id = ${gists.id} order by position, filename)`,
      commentCount: sql<number>`(select ${gistComments.comments} from ${gistComments}
        where ${eq(gistComments.gistId, gists.id)})`,
      owner: { id: users.id, handle: users.handle, name: users.name },
    })
    .from(gists)
    .innerJoin(users, eq(users.id, gists.ownerId))
    .where(
      and(
        ownerId === undefined ? eq(gists.visibility, "public") : eq(gists.ownerId, ownerId),
        after === undefined
          ? undefined
          : comesAfter({ at: gists.updatedAt, id: gists.id }, parseCursor(after)),
      ),
    )
    .orderBy(desc(gists.updatedAt), asc(gists.id))
    .limit(gistsPerPage + 1);
  const { rows: shown, nextCursor } = toPage(rows, gistsPerPage, ({ at, id }) => ({ at, id }));
  const entries = shown.map(({ at: _, visibility, createdAt, updatedAt, ...entry }) => ({
    ...entry,
    isPrivate: visibility === "private",
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }));
  return { rows: entries, nextCursor };
}
