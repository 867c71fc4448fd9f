import { createHmac } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import { articles, articleViews } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";

export interface CountViewInput {
  readonly articleId: string;
  /** From {@link visitorOf}. */
  readonly visitor: string;
}

/**
 * Counts a view of a published article, once a day per visitor, without views by its author. Other articles
 * are not counted.
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
          viewedAt: sql`now()`.as("viewed_at"),
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
 * A digest that distinguishes the visitors of a day. It changes daily, and without the secret it does not
 * identify anyone.
 *
 * @param who An account or a browser.
 */
export function visitorOf(who: string, { secret, now }: { secret: string; now: Date }): string {
  const day = now.toISOString().slice(0, 10);
  return createHmac("sha256", secret).update(`${day} ${who}`).digest("base64url");
}
