import { captureTable, fromParent } from "querycast/drizzle";
import { channels } from "@/channels/index.ts";
import {
  analystAnswers,
  articles,
  articleViews,
  comments,
  evidenceFeeds,
  notifications,
  observations,
  publicationInvitations,
  publicationMemberRoles,
  publicationMembers,
  publicationRoles,
  publications,
  reactions,
  sessions,
  submissions,
  submissionTasks,
  users,
} from "@/db/schema.ts";

/**
 * Tables whose changes publish signals by triggers, whichever role writes. After a change run
 * `npm run migrate:generate`, which writes the triggers as a migration.
 */
export const captures = [
  // The author's view of an article changes by the author, by readers, by the job that removes due articles, and by
  // cascades. The rows of a deleted article find no author, so that its deletion is one signal.
  captureTable(articles, {
    on: { insert: "article.created", update: "article.updated", delete: "article.deleted" },
    channel: channels.user,
    params: { userId: articles.authorId },
    ids: { articleId: articles.id },
  }),
  captureTable(comments, {
    on: { insert: "article.discussed", delete: "article.discussed" },
    channel: channels.user,
    params: { userId: fromParent(comments.articleId, articles.authorId) },
    ids: { articleId: comments.articleId },
  }),
  captureTable(reactions, {
    on: { insert: "article.reacted-to", delete: "article.reacted-to" },
    channel: channels.user,
    params: { userId: fromParent(reactions.articleId, articles.authorId) },
    ids: { articleId: reactions.articleId },
  }),
  captureTable(articleViews, {
    on: { insert: "article.viewed" },
    channel: channels.user,
    params: { userId: fromParent(articleViews.articleId, articles.authorId) },
    ids: { articleId: articleViews.articleId },
  }),
  // Sessions begin and end by signing in and out, by the person, by an admin, or with a ban.
  captureTable(sessions, {
    on: { insert: "session.started", update: "session.revoked" },
    channel: channels.user,
    params: { userId: sessions.userId },
    ids: { sessionId: sessions.id },
    columns: [sessions.revokedAt],
  }),
  captureTable(users, {
    on: { update: "role.changed" },
    channel: channels.user,
    params: { userId: users.id },
    columns: [users.role],
  }),
  // A notification is deleted by cascade with its comment or page, without an action of its recipient.
  captureTable(notifications, {
    on: { delete: "notification.deleted" },
    channel: channels.user,
    params: { userId: notifications.recipientId },
  }),

  // Publications. Their rows change by members, by triggers that follow a change, by the schedule and by cascades.
  captureTable(publications, {
    on: { update: "publication.updated" },
    channel: channels.publication,
    params: { publicationId: publications.id },
    ids: { publicationId: publications.id },
  }),
  captureTable(articles, {
    on: { insert: "feed.changed", update: "feed.changed", delete: "feed.changed" },
    channel: channels.publication,
    params: { publicationId: articles.publicationId },
    ids: { articleId: articles.id },
    columns: [
      articles.slug,
      articles.title,
      articles.excerpt,
      articles.publishedAt,
      articles.deleteAt,
    ],
  }),
  captureTable(publicationMembers, {
    on: { insert: "member.joined", delete: "member.left" },
    channel: channels.team,
    params: { publicationId: publicationMembers.publicationId },
    ids: { userId: publicationMembers.userId },
  }),
  // Also for the person who was removed, who can no longer join the channel of the team.
  captureTable(publicationMembers, {
    on: { insert: "membership.started", delete: "membership.ended" },
    channel: channels.user,
    params: { userId: publicationMembers.userId },
    ids: { publicationId: publicationMembers.publicationId },
  }),
  captureTable(publicationMemberRoles, {
    on: { insert: "member.role-given", delete: "member.role-taken" },
    channel: channels.team,
    params: { publicationId: publicationMemberRoles.publicationId },
    ids: { userId: publicationMemberRoles.userId },
  }),
  captureTable(publicationMemberRoles, {
    on: { insert: "membership.changed", delete: "membership.changed" },
    channel: channels.user,
    params: { userId: publicationMemberRoles.userId },
    ids: { publicationId: publicationMemberRoles.publicationId },
  }),
  captureTable(publicationRoles, {
    on: { insert: "role.created", update: "role.updated", delete: "role.deleted" },
    channel: channels.team,
    params: { publicationId: publicationRoles.publicationId },
    ids: { roleId: publicationRoles.id },
  }),
  captureTable(publicationInvitations, {
    on: {
      insert: "invitation.created",
      update: "invitation.updated",
      delete: "invitation.deleted",
    },
    channel: channels.team,
    params: { publicationId: publicationInvitations.publicationId },
    ids: { publicationId: publicationInvitations.publicationId },
  }),
  captureTable(publicationInvitations, {
    on: {
      insert: "invitation.created",
      update: "invitation.updated",
      delete: "invitation.deleted",
    },
    channel: channels.user,
    params: { userId: publicationInvitations.inviteeId },
    ids: { invitationId: publicationInvitations.id },
  }),
  captureTable(submissions, {
    on: {
      insert: "submission.created",
      update: "submission.updated",
      delete: "submission.deleted",
    },
    channel: channels.user,
    params: { userId: submissions.authorId },
    ids: { submissionId: submissions.id },
  }),
  captureTable(submissions, {
    on: {
      insert: "submission.created",
      update: "submission.updated",
      delete: "submission.deleted",
    },
    channel: channels.desk,
    params: { publicationId: submissions.publicationId },
    ids: { submissionId: submissions.id },
  }),
  captureTable(submissions, {
    on: { update: "submission.updated", delete: "submission.deleted" },
    channel: channels.submission,
    params: { submissionId: submissions.id },
    ids: { submissionId: submissions.id },
  }),
  captureTable(submissionTasks, {
    on: { insert: "task.created", update: "task.updated", delete: "task.deleted" },
    channel: channels.user,
    params: { userId: submissionTasks.assigneeId },
    ids: { taskId: submissionTasks.id },
  }),
  // Authors read the tasks of their own submissions, with the member who has taken them. The rows of a deleted submission
  // find no author, so that its deletion is one signal.
  captureTable(submissionTasks, {
    on: { insert: "task.created", update: "task.updated", delete: "task.deleted" },
    channel: channels.user,
    params: { userId: fromParent(submissionTasks.submissionId, submissions.authorId) },
    ids: { taskId: submissionTasks.id },
  }),
  captureTable(submissionTasks, {
    on: { insert: "task.created", update: "task.updated", delete: "task.deleted" },
    channel: channels.desk,
    params: { publicationId: submissionTasks.publicationId },
    ids: { taskId: submissionTasks.id },
  }),
  captureTable(submissionTasks, {
    on: { insert: "task.created", update: "task.updated" },
    channel: channels.submission,
    params: { submissionId: submissionTasks.submissionId },
    ids: { taskId: submissionTasks.id },
  }),
  // Observations are recorded by members and by the job of feeds, and never changed.
  captureTable(observations, {
    on: { insert: "observation.added" },
    channel: channels.publication,
    params: { publicationId: observations.publicationId },
    ids: { publicationId: observations.publicationId },
  }),
  captureTable(observations, {
    on: { insert: "figures.added" },
    channel: channels.figures,
    params: { clearance: observations.clearance, publicationId: observations.publicationId },
    ids: { observationId: observations.number },
  }),
  // The job of feeds changes them with each reading. The operator adds and removes them.
  captureTable(evidenceFeeds, {
    on: { insert: "feeds.changed", update: "feeds.changed", delete: "feeds.changed" },
    channel: channels.team,
    params: { publicationId: evidenceFeeds.publicationId },
    ids: { publicationId: evidenceFeeds.publicationId },
  }),
  // A question is stored before its answer, which may be made in another tab.
  captureTable(analystAnswers, {
    on: { insert: "answer.changed", update: "answer.changed" },
    channel: channels.user,
    params: { userId: analystAnswers.askerId },
    ids: { answerId: analystAnswers.id },
  }),
];
