import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import { longListAtMost } from "@/lib/list-limits.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Sort, Status } from "./keys.ts";
import { numberColumns } from "./numbers.ts";
import type { DashboardView, OwnArticles } from "./schema.ts";

const statusColumn = sql<Status>`case
  when ${articles.deleteAt} is not null then 'deleting'
  when ${articles.publishedAt} <= now() then 'published'
  else 'draft' end`;

/** Most recent first when the chosen order has ties. */
const newest = sql`coalesce(${articles.publishedAt}, ${articles.updatedAt})`;
const orders: Record<Sort, SQL> = {
  newest,
  viewed: numberColumns.views,
  discussed: numberColumns.comments,
  reacted: numberColumns.reactions,
};

/** The viewer's own articles; none when signed out. */
export async function listOwnArticles(
  { tx, viewer }: ReadContext,
  { status, sort }: DashboardView,
): Promise<OwnArticles> {
  const counts = { published: 0, draft: 0, deleting: 0 };
  if (viewer.userId === null) return { rows: [], counts };
  const own = eq(articles.authorId, viewer.userId);
  const [rows, amounts] = await Promise.all([
    tx
      .select({
        id: articles.id,
        slug: articles.slug,
        title: articles.title,
        status: statusColumn,
        publishedAt: articles.publishedAt,
        updatedAt: articles.updatedAt,
        deleteAt: articles.deleteAt,
      })
      .from(articles)
      .where(and(own, eq(statusColumn, status)))
      .orderBy(desc(orders[sort]), desc(newest), articles.id)
      .limit(longListAtMost),
    tx
      .select({ status: statusColumn.as("status"), count: sql<number>`count(*)::int` })
      .from(articles)
      .where(own)
      .groupBy(sql`status`),
  ]);
  for (const { status: of, count } of amounts) counts[of] = count;
  return {
    rows: rows.map(({ publishedAt, updatedAt, deleteAt, ...row }) => ({
      ...row,
      publishedAt: publishedAt?.toISOString() ?? null,
      updatedAt: updatedAt.toISOString(),
      deleteAt: deleteAt?.toISOString() ?? null,
    })),
    counts,
  };
}
