import { and, isNotNull, isNull, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";

/** Articles that feeds list: published ones. Drafts are left out even for their author. */
export const inFeed = () =>
  and(
    isNotNull(articles.publishedAt),
    isNull(articles.deleteAt),
    sql`${articles.publishedAt} <= now()`,
  );
