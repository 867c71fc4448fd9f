import { and, count, eq, isNull, sql } from "drizzle-orm";
import { articles, articleTags, tags } from "@/db/schema.ts";

/**
 * A tag with the number of its published articles, for a select that joins {@link tagged} and {@link
 * published}.
 */
export const tagColumns = {
  id: tags.id,
  slug: tags.slug,
  name: tags.name,
  description: tags.description,
  articleCount: count(articles.id),
};

export const tagged = eq(articleTags.tagId, tags.id);

/**
 * Drafts and articles that will be deleted are not counted, not even for their author, so that the number matches the
 * tag's page.
 */
export const published = and(
  eq(articles.id, articleTags.articleId),
  sql`${articles.publishedAt} <= now()`,
  isNull(articles.deleteAt),
);
