import { and, asc, desc, eq, isNull, ne, sql } from "drizzle-orm";
import { isoTime, isoTimeOrNull } from "@/db/rows/iso-time.ts";
import { submissions, submissionTasks, submittedArticles } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import type { Permission } from "@/lib/publications/permissions.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { personColumn } from "./columns.ts";
import type { DeskInput, ListTasksInput, TaskCounts, TaskEntry } from "./schema.ts";

const isMine = (userId: string) => eq(submissionTasks.assigneeId, userId);

/** The task has no assignee, and the viewer's permissions allow it. Authors do not act on their own articles. */
const isOfRoles = (userId: string) =>
  and(
    isNull(submissionTasks.assigneeId),
    ne(submissions.authorId, userId),
    sql`${submissionTasks.permission} = any (app.viewer_permissions(${submissionTasks.publicationId}))`,
  );

/**
 * Tasks that the viewer may read: open ones from the oldest, closed ones from the newest.
 *
 * @throws {AppError} `unauthenticated`
 */
export async function listTasks(
  { tx, viewer }: ReadContext,
  { publicationId, show, status, kind }: ListTasksInput,
): Promise<readonly TaskEntry[]> {
  const userId = signedIn(viewer.userId);
  const shown = { mine: isMine(userId), roles: isOfRoles(userId), all: undefined }[show];
  const isOpen = status === "open";
  const rows = await tx
    .select({
      id: submissionTasks.id,
      kind: submissionTasks.kind,
      status: submissionTasks.status,
      createdAt: isoTime(submissionTasks.createdAt),
      closedAt: isoTimeOrNull(submissionTasks.closedAt),
      permission: sql<Permission | null>`${submissionTasks.permission}`,
      assignee: personColumn(submissionTasks.assigneeId),
      submissionId: submissions.id,
      title: submittedArticles.title,
      state: submissions.state,
      author: sql<TaskEntry["submission"]["author"]>`${personColumn(submissions.authorId)}`,
    })
    .from(submissionTasks)
    .innerJoin(submissions, eq(submissions.id, submissionTasks.submissionId))
    .innerJoin(submittedArticles, eq(submittedArticles.submissionId, submissions.id))
    .where(
      and(
        eq(submissionTasks.publicationId, publicationId),
        isOpen ? eq(submissionTasks.status, "open") : ne(submissionTasks.status, "open"),
        kind === undefined ? undefined : eq(submissionTasks.kind, kind),
        shown,
      ),
    )
    .orderBy(
      isOpen ? asc(submissionTasks.createdAt) : desc(submissionTasks.closedAt),
      asc(submissionTasks.id),
    )
    .limit(listedAtMost);
  return rows.map(({ submissionId, title, state, author, ...task }) => ({
    ...task,
    submission: { id: submissionId, title, state, author },
  }));
}

/** How many open tasks each view of the work list has. @throws {AppError} `unauthenticated` */
export async function countTasks(
  { tx, viewer }: ReadContext,
  { publicationId }: DeskInput,
): Promise<TaskCounts> {
  const userId = signedIn(viewer.userId);
  const [row] = await tx
    .select({
      mine: sql<number>`count(*) filter (where ${isMine(userId)})::int`,
      roles: sql<number>`count(*) filter (where ${isOfRoles(userId)})::int`,
      all: sql<number>`count(*)::int`,
    })
    .from(submissionTasks)
    .innerJoin(submissions, eq(submissions.id, submissionTasks.submissionId))
    .where(
      and(eq(submissionTasks.publicationId, publicationId), eq(submissionTasks.status, "open")),
    );
  return row ?? { mine: 0, roles: 0, all: 0 };
}

function signedIn(userId: string | null): string {
  if (userId === null) throw new AppError("unauthenticated", "Sign in to see the tasks.");
  return userId;
}
