import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import { comesAfter } from "@/db/rows/keyset.ts";
import {
  articles,
  comments,
  gists,
  notifications,
  publicationInvitations,
  publications,
  submissions,
  submittedArticles,
  users,
} from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { type Page, parseCursor, toPage } from "@/lib/pages/page-cursor.ts";
import { shorten } from "@/lib/text/shorten.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { type ListNotificationsInput, type Notification, notificationsPerPage } from "./schema.ts";

const quoteCharacters = 180;

/** One page of the viewer's notifications, newest first. @throws {AppError} `unauthenticated` */
export async function listNotifications(
  { tx, viewer }: ReadContext,
  { filter, after }: ListNotificationsInput,
): Promise<Page<Notification>> {
  const { userId } = viewer;
  if (userId === null) {
    throw new AppError("unauthenticated", "Sign in to see your notifications.");
  }
  const rows = await tx
    .select({
      id: notifications.id,
      type: notifications.type,
      createdAt: notifications.createdAt,
      at: sql<string>`${notifications.createdAt}::text`,
      readAt: notifications.readAt,
      actorHandle: users.handle,
      actorName: users.name,
      articleSlug: articles.slug,
      articleTitle: articles.title,
      gistId: gists.id,
      gistTitle: gists.title,
      submissionId: submissions.id,
      submissionTitle: submittedArticles.title,
      invitationId: publicationInvitations.id,
      publicationSlug: publications.slug,
      publicationName: publications.name,
      commentId: comments.id,
      quote: sql<string | null>`left(${comments.body}, ${quoteCharacters + 1})`,
    })
    .from(notifications)
    .innerJoin(users, eq(users.id, notifications.actorId))
    .leftJoin(articles, eq(articles.id, notifications.articleId))
    .leftJoin(gists, eq(gists.id, notifications.gistId))
    .leftJoin(comments, eq(comments.id, notifications.commentId))
    .leftJoin(submissions, eq(submissions.id, notifications.submissionId))
    .leftJoin(submittedArticles, eq(submittedArticles.submissionId, submissions.id))
    .leftJoin(publicationInvitations, eq(publicationInvitations.id, notifications.invitationId))
    .leftJoin(
      publications,
      sql`${publications.id} = coalesce(${submissions.publicationId}, ${publicationInvitations.publicationId})`,
    )
    .where(
      and(
        eq(notifications.recipientId, userId),
        filter === "unread" ? isNull(notifications.readAt) : undefined,
        after === undefined
          ? undefined
          : comesAfter({ at: notifications.createdAt, id: notifications.id }, parseCursor(after)),
      ),
    )
    .orderBy(desc(notifications.createdAt), asc(notifications.id))
    .limit(notificationsPerPage + 1);
  const { rows: shown, nextCursor } = toPage(rows, notificationsPerPage, ({ at, id }) => ({
    at,
    id,
  }));
  return { rows: shown.map(toNotification), nextCursor };
}

interface Row {
  readonly id: string;
  readonly type: Notification["type"];
  readonly createdAt: Date;
  readonly readAt: Date | null;
  readonly actorHandle: string;
  readonly actorName: string;
  readonly articleSlug: string | null;
  readonly articleTitle: string | null;
  readonly gistId: string | null;
  readonly gistTitle: string | null;
  readonly submissionId: string | null;
  readonly submissionTitle: string | null;
  readonly invitationId: string | null;
  readonly publicationSlug: string | null;
  readonly publicationName: string | null;
  readonly commentId: string | null;
  readonly quote: string | null;
}

function toNotification(row: Row): Notification {
  return {
    id: row.id,
    type: row.type,
    createdAt: row.createdAt.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
    actor: { handle: row.actorHandle, name: row.actorName },
    page: pageOf(row),
    commentId: row.commentId,
    quote: row.quote === null ? null : shorten(row.quote, quoteCharacters),
  };
}

function pageOf(row: Row): Notification["page"] {
  if (row.articleSlug !== null && row.articleTitle !== null) {
    return { href: `/articles/${row.articleSlug}`, title: row.articleTitle };
  }
  if (row.gistId !== null && row.gistTitle !== null) {
    return { href: `/gists/${row.gistId}`, title: row.gistTitle };
  }
  if (row.submissionId !== null && row.submissionTitle !== null) {
    const href = `/publications/${row.publicationSlug}/work/${row.submissionId}`;
    return { href, title: row.submissionTitle };
  }
  if (row.invitationId !== null && row.publicationName !== null) {
    return { href: `/invitations/${row.invitationId}`, title: row.publicationName };
  }
  return null;
}
