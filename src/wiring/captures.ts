import { captureTable, fromParent } from "querycast/drizzle";
import { channels } from "@/channels/index.ts";
import {
  articles,
  articleViews,
  comments,
  notifications,
  reactions,
  sessions,
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
];
