import type { Notification, NotificationType } from "../schema.ts";

/** The verb between the name of the person and the title of the page. */
const deed: Record<NotificationType, string> = {
  comment_on_article: "commented on",
  comment_on_gist: "commented on your gist",
  reply_to_comment: "replied to your comment on",
  reaction_on_article: "reacted to",
  reaction_on_gist: "reacted to your gist",
  reaction_on_comment: "reacted to your comment on",
  comment_on_followed: "commented on",
  publication_invitation: "invited you to",
  submission_task: "gave you a task for",
  submission_published: "published",
};

export function deedOf({ type }: Notification): string {
  return deed[type];
}

/** The link of a notification: the comment or the page; null when the page is deleted or unreadable. */
export function hrefOf({ page, commentId }: Notification): string | null {
  if (page === null) return null;
  return commentId === null ? page.href : `${page.href}#comment-${commentId}`;
}
