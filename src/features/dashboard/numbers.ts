import { eq, sql } from "drizzle-orm";
import { articleComments, articles, articleViews, reactions } from "@/db/schema.ts";

/** Correlated subqueries, so that each uses an index and none multiplies rows of another. */
export const numberColumns = {
  views: sql<number>`(
    select count(*)::int from ${articleViews} where ${eq(articleViews.articleId, articles.id)})`,
  comments: sql<number>`(
    select ${articleComments.comments} from ${articleComments}
    where ${eq(articleComments.articleId, articles.id)})`,
  reactions: sql<number>`(
    select count(*)::int from ${reactions} where ${eq(reactions.articleId, articles.id)})`,
};
