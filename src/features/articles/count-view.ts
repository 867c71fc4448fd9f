import { createHmac } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import { articles, articleViews } from "@/db/schema.ts";
import type { ReadContext } from "@/features/context.ts";

export interface CountViewInput {
  readonly articleId: string;
  /** Made by {@link visitorOf}. */
  readonly visitor: string;
}

/**
 * Counts a visitor of a published article once a day, and its author not at all. Other articles are left
 * alone.
 *
 * @returns Whether a view was added.
 */
export async function countView(
  { tx, viewer }: ReadContext,
  { articleId, visitor }: CountViewInput,
): Promise<boolean> {
  const { count } = await tx
    .insert(articleViews)
    .select(
      tx
        .select({
          articleId: articles.id,
          day: sql`current_date`.as("day"),
          visitor: sql`${visitor}`.as("visitor"),
        })
        .from(articles)
        .where(
          and(
            eq(articles.id, articleId),
            sql`${articles.authorId} is distinct from ${viewer.userId}::uuid`,
            sql`${articles.publishedAt} <= now()`,
            isNull(articles.deleteAt),
          ),
        ),
    )
    .onConflictDoNothing();
  return count > 0;
}

/**
 * Tells one visitor of a day from another, and tells nobody who it is: another every day, and of no use
 * without the secret.
 *
 * @param who Names the visitor: an account, or a browser.
 */
export function visitorOf(who: string, { secret, now }: { secret: string; now: Date }): string {
  const day = now.toISOString().slice(0, 10);
  return createHmac("sha256", secret).update(`${day} ${who}`).digest("base64url");
}
