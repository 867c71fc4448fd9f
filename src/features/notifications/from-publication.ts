import { and, desc, eq, inArray, isNotNull, ne, sql } from "drizzle-orm";
import {
  type notifications,
  publicationInvitations,
  publicationMemberRoles,
  publicationRoles,
  submissionEvents,
  submissions,
  submissionTasks,
} from "@/db/schema.ts";
import type { JobContext } from "@/wiring/context-types.ts";

type Cause = (
  tx: JobContext["tx"],
  causeId: string,
) => Promise<readonly (typeof notifications.$inferInsert)[]>;

/** An open invitation notifies the person who had an account with its e-mail when it was sent. */
export const fromInvitation: Cause = async (tx, invitationId) => {
  const [row] = await tx
    .select({
      invitedBy: publicationInvitations.invitedBy,
      inviteeId: publicationInvitations.inviteeId,
    })
    .from(publicationInvitations)
    .where(
      and(eq(publicationInvitations.id, invitationId), eq(publicationInvitations.status, "open")),
    );
  if (row === undefined || row.inviteeId === null) return [];
  return [
    {
      sourceKey: `notif:invitation:${invitationId}`,
      type: "publication_invitation",
      recipientId: row.inviteeId,
      actorId: row.invitedBy,
      invitationId,
    },
  ];
};

/**
 * An open task notifies its assignee. Without one it notifies the members with the permission that it requires,
 * without the author of the article.
 */
export const fromTask: Cause = async (tx, taskId) => {
  const [task] = await tx
    .select({
      publicationId: submissionTasks.publicationId,
      submissionId: submissionTasks.submissionId,
      permission: submissionTasks.permission,
      assigneeId: submissionTasks.assigneeId,
      createdBy: submissionTasks.createdBy,
      authorId: submissions.authorId,
    })
    .from(submissionTasks)
    .innerJoin(submissions, eq(submissions.id, submissionTasks.submissionId))
    .where(and(eq(submissionTasks.id, taskId), eq(submissionTasks.status, "open")));
  if (task === undefined) return [];
  const { submissionId } = task;
  // Tasks that the schedule creates have no creator: the author has changed the text after its approval.
  const actorId = task.createdBy ?? task.authorId;
  const recipients = task.assigneeId === null ? await holdersOf(tx, task) : [task.assigneeId];
  return recipients.map((recipientId) => ({
    sourceKey: `notif:task:${taskId}:${recipientId}`,
    type: "submission_task",
    recipientId,
    actorId,
    submissionId,
  }));
};

async function holdersOf(
  tx: JobContext["tx"],
  task: {
    readonly publicationId: string;
    readonly permission: string | null;
    readonly authorId: string;
  },
): Promise<readonly string[]> {
  const rows = await tx
    .selectDistinct({ userId: publicationMemberRoles.userId })
    .from(publicationMemberRoles)
    .innerJoin(publicationRoles, eq(publicationRoles.id, publicationMemberRoles.roleId))
    .where(
      and(
        eq(publicationMemberRoles.publicationId, task.publicationId),
        ne(publicationMemberRoles.userId, task.authorId),
        sql`${task.permission} = any (${publicationRoles.permissions})`,
      ),
    );
  return rows.map(({ userId }) => userId);
}

/** A published submission notifies its author. Who scheduled it counts as who published it. */
export const fromSubmission: Cause = async (tx, submissionId) => {
  const [row] = await tx
    .select({ authorId: submissions.authorId, actorId: submissionEvents.actorId })
    .from(submissions)
    .innerJoin(submissionEvents, eq(submissionEvents.submissionId, submissions.id))
    .where(
      and(
        eq(submissions.id, submissionId),
        eq(submissions.state, "published"),
        inArray(submissionEvents.toState, ["scheduled", "published"]),
        isNotNull(submissionEvents.actorId),
      ),
    )
    .orderBy(desc(submissionEvents.createdAt))
    .limit(1);
  if (row === undefined || row.actorId === null) return [];
  return [
    {
      sourceKey: `notif:submission:${submissionId}`,
      type: "submission_published",
      recipientId: row.authorId,
      actorId: row.actorId,
      submissionId,
    },
  ];
};
