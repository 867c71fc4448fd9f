import { z } from "zod";
import { cursorText } from "@/lib/text/typed-text.ts";

export const notificationsPerPage = 20;

export const listNotificationsInput = z.object({
  filter: z.enum(["all", "unread"]).default("all"),
  after: cursorText().optional(),
});
export type ListNotificationsInput = z.infer<typeof listNotificationsInput>;

export const markReadInput = z.object({ notificationId: z.uuid() });
export type MarkReadInput = z.infer<typeof markReadInput>;

/** The event. Pages have the words for it. */
export type NotificationType =
  | "comment_on_article"
  | "comment_on_gist"
  | "reply_to_comment"
  | "reaction_on_article"
  | "reaction_on_gist"
  | "reaction_on_comment"
  | "comment_on_followed"
  | "publication_invitation"
  | "submission_task"
  | "submission_published";

/** A notification for its recipient. Times are ISO 8601. */
export interface Notification {
  readonly id: string;
  readonly type: NotificationType;
  readonly createdAt: string;
  readonly readAt: string | null;
  readonly actor: { readonly handle: string; readonly name: string };
  /** The page; `null` when the recipient may no longer read it. */
  readonly page: { readonly href: string; readonly title: string } | null;
  readonly commentId: string | null;
  /** The beginning of the comment, if any. */
  readonly quote: string | null;
}
