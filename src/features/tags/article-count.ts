import { sql } from "drizzle-orm";
import { articles, articleTags, tags } from "@/db/schema.ts";

/** Published articles of a tag, counted as the viewer sees them. */
export const articleCountColumn = sql<number>`(
  select count(*)::int from ${articleTags}
  join ${articles} on ${articles.id} = ${articleTags.articleId}
  where ${articleTags.tagId} = ${tags.id} and ${articles.publishedAt} <= now()
)`;
