import { sql } from "drizzle-orm";
import { doEach } from "@/lib/do-each.ts";
import type { JobContext, RunJob } from "@/wiring/context-types.ts";
import { requestTaskNotifications } from "./request-task-notifications.ts";
import { articlePublished } from "./signals.ts";

/** More than become due in a minute, and few enough for one run. */
const atOnce = 50;

/**
 * Publishes the scheduled submissions that are due, each in a transaction of its own, and notifies their authors. A text
 * that was changed since its approval goes back to review, and its new tasks notify the members who can do them.
 *
 * @returns number of published articles
 * @throws {Error} after all others were published, when some could not be
 */
export async function publishDueSubmissions(run: RunJob): Promise<number> {
  const due = await run(listDue);
  const published = await doEach(due, "due submissions were not published", (id) =>
    run((context) => publishDue(context, id)),
  );
  return published.filter(Boolean).length;
}

async function listDue({ tx }: JobContext): Promise<readonly string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select id from app.due_submissions(${atOnce}) as id`);
  return rows.map(({ id }) => id);
}

/** @returns whether the article was published */
async function publishDue(context: JobContext, submissionId: string): Promise<boolean> {
  const { tx, publish, requestNotification } = context;
  const [due] = await tx.execute<{
    state: "published" | "in_review";
    articleId: string;
    authorId: string;
    tagIds: string[];
  }>(sql`
    select state, article_id as "articleId", author_id as "authorId", to_json(tag_ids) as "tagIds"
    from app.publish_due_submission(${submissionId})`);
  if (due === undefined) return false;
  if (due.state === "in_review") {
    await requestTaskNotifications(context, submissionId);
    return false;
  }
  await requestNotification({ causeType: "submission", causeId: submissionId });
  await publish(...articlePublished(due));
  return true;
}
