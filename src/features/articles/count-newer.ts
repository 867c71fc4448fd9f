import { and, or, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { inFeed } from "./in-feed.ts";
import type { CountNewerInput } from "./schema.ts";

/** Number of published articles that are newer than one in the home feed. */
export function countNewer(
  { tx }: ReadContext,
  { id, publishedAt }: CountNewerInput,
): Promise<number> {
  const moment = sql`${publishedAt}::timestamptz`;
  return tx.$count(
    articles,
    and(
      inFeed(),
      or(
        sql`${articles.publishedAt} > ${moment}`,
        and(sql`${articles.publishedAt} = ${moment}`, sql`${articles.id} < ${id}::uuid`),
      ),
    ),
  );
}
