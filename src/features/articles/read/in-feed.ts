import { and, isNotNull, isNull, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";

/** Filter for feeds: published articles. Drafts are left out even for their author. */
export const inFeed = () =>
  and(
    isNotNull(articles.publishedAt),
    isNull(articles.deleteAt),
    sql`${articles.publishedAt} <= now()`,
  );
