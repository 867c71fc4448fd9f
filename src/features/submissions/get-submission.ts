import { asc, eq, sql } from "drizzle-orm";
import { isoTime, isoTimeOrNull } from "@/db/rows/iso-time.ts";
import {
  submissionEvents,
  submissions,
  submissionTasks,
  submittedArticles,
  users,
} from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { Permission } from "@/lib/publications/permissions.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { personColumn } from "./columns.ts";
import type { SubmissionInput, SubmissionSource, TimelineEvent } from "./schema.ts";

/** With microseconds, as Postgres compares it. */
const versionColumn = sql<string>`to_char(
  ${submittedArticles.updatedAt} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * A submission with its text, its tasks and its timeline.
 *
 * @throws {AppError} `not_found` when it does not exist or the viewer may not read it; both look the same.
 */
export async function getSubmission(
  { tx }: ReadContext,
  { submissionId }: SubmissionInput,
): Promise<SubmissionSource> {
  const [rows, events, tasks] = await Promise.all([
    tx
      .select({
        id: submissions.id,
        publicationId: submissions.publicationId,
        title: submittedArticles.title,
        body: submittedArticles.body,
        state: submissions.state,
        updatedAt: isoTime(submissions.updatedAt),
        scheduledFor: isoTimeOrNull(submissions.scheduledFor),
        isApprovedText: sql<boolean>`coalesce(${submissions.approvedVersion} = ${submittedArticles.updatedAt}, false)`,
        author: sql<SubmissionSource["author"]>`${personColumn(submissions.authorId)}`,
        article: {
          id: submittedArticles.articleId,
          slug: submittedArticles.slug,
          excerpt: submittedArticles.excerpt,
          isPublic: submittedArticles.isPublic,
          isReadable: submittedArticles.isReadable,
          version: versionColumn,
        },
      })
      .from(submissions)
      .innerJoin(submittedArticles, eq(submittedArticles.submissionId, submissions.id))
      .where(eq(submissions.id, submissionId)),
    tx
      .select({
        id: submissionEvents.id,
        fromState: submissionEvents.fromState,
        toState: submissionEvents.toState,
        note: submissionEvents.note,
        at: isoTime(submissionEvents.createdAt),
        actor: sql<TimelineEvent["actor"]>`case when ${users.id} is not null then
          json_build_object('handle', ${users.handle}, 'name', ${users.name}) end`,
      })
      .from(submissionEvents)
      .leftJoin(users, eq(users.id, submissionEvents.actorId))
      .where(eq(submissionEvents.submissionId, submissionId))
      .orderBy(asc(submissionEvents.createdAt)),
    tx
      .select({
        id: submissionTasks.id,
        kind: submissionTasks.kind,
        status: submissionTasks.status,
        createdAt: isoTime(submissionTasks.createdAt),
        closedAt: isoTimeOrNull(submissionTasks.closedAt),
        permission: sql<Permission | null>`${submissionTasks.permission}`,
        assignee: personColumn(submissionTasks.assigneeId),
      })
      .from(submissionTasks)
      .where(eq(submissionTasks.submissionId, submissionId))
      .orderBy(asc(submissionTasks.createdAt), asc(submissionTasks.kind)),
  ]);
  const [row] = rows;
  if (row === undefined) {
    throw new AppError("not_found", "This submission does not exist, or you have no access to it.");
  }
  return { ...row, events, tasks };
}
