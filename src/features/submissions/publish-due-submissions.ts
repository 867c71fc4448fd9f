import { sql } from "drizzle-orm";
import type { JobContext } from "@/wiring/context-types.ts";
import { articlePublished } from "./signals.ts";

/** More than become due in a minute, and few enough for one transaction. */
const atOnce = 50;

/**
 * Publishes the scheduled submissions that are due. A text that was changed since its approval goes back to review.
 *
 * @returns number of published articles
 */
export async function publishDueSubmissions({ tx, publish }: JobContext): Promise<number> {
  const published = await tx.execute<{ articleId: string; authorId: string; tagIds: string[] }>(sql`
    select article_id as "articleId", author_id as "authorId", to_json(tag_ids) as "tagIds"
    from app.publish_due_submissions(${atOnce})`);
  const signals = published.flatMap(articlePublished);
  if (signals.length > 0) await publish(...signals);
  return published.length;
}
