import { eq, isNull, sql } from "drizzle-orm";
import { articles, articleViews, comments, reactions } from "@/db/schema.ts";

/** Correlated subqueries, so that each uses an index and none multiplies rows of another. */
export const numberColumns = {
  views: sql<number>`(
    select count(*)::int from ${articleViews} where ${eq(articleViews.articleId, articles.id)})`,
  comments: sql<number>`(
    select count(*)::int from ${comments} where ${eq(comments.articleId, articles.id)}
      and ${isNull(comments.deletedAt)})`,
  reactions: sql<number>`(
    select count(*)::int from ${reactions} where ${eq(reactions.articleId, articles.id)})`,
};
