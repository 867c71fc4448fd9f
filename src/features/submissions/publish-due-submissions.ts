import { sql } from "drizzle-orm";
import type { JobContext } from "@/wiring/context-types.ts";
import { requestTaskNotifications } from "./request-task-notifications.ts";
import { articlePublished } from "./signals.ts";

/** More than become due in a minute, and few enough for one transaction. */
const atOnce = 50;

/**
 * Publishes the scheduled submissions that are due, and notifies their authors. A text that was changed since its
 * approval goes back to review, and its new tasks notify the members who can do them.
 *
 * @returns number of published articles
 */
export async function publishDueSubmissions(context: JobContext): Promise<number> {
  const { tx, publish, requestNotification } = context;
  const due = await tx.execute<{
    submissionId: string;
    state: "published" | "in_review";
    articleId: string;
    authorId: string;
    tagIds: string[];
  }>(sql`
    select submission_id as "submissionId", state, article_id as "articleId", author_id as "authorId",
      to_json(tag_ids) as "tagIds"
    from app.publish_due_submissions(${atOnce})`);
  const published = due.filter(({ state }) => state === "published");
  for (const { submissionId, state } of due) {
    if (state === "published") {
      await requestNotification({ causeType: "submission", causeId: submissionId });
    } else {
      await requestTaskNotifications(context, submissionId);
    }
  }
  const signals = published.flatMap(articlePublished);
  if (signals.length > 0) await publish(...signals);
  return published.length;
}
