import type { Notification, NotificationType } from "../schema.ts";

/** What happened, between the name of who did it and the title of where. */
const deed: Record<NotificationType, string> = {
  comment_on_article: "commented on",
  comment_on_gist: "commented on your gist",
  reply_to_comment: "replied to your comment on",
  reaction_on_article: "reacted to",
  reaction_on_gist: "reacted to your gist",
  reaction_on_comment: "reacted to your comment on",
  comment_on_followed: "commented on",
};

export function deedOf({ type }: Notification): string {
  return deed[type];
}

/** Where a notification leads: the comment on its page, or the page; nowhere when it is gone. */
export function hrefOf({ page, commentId }: Notification): string | null {
  if (page === null) return null;
  return commentId === null ? page.href : `${page.href}#comment-${commentId}`;
}
