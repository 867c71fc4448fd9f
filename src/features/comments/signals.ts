import { type OutgoingSignal, signal } from "querycast";
import { comments } from "./live.ts";
import type { ResourceRef } from "./schema.ts";

/** Whatever happens to a comment, at any depth, is told on the channel of the page it stands on. */
export const commentCreated = (ref: ResourceRef, commentId: string): OutgoingSignal =>
  signal(comments.channels.resource(ref), "comment.created", { commentId });

export const commentUpdated = (ref: ResourceRef, commentId: string): OutgoingSignal =>
  signal(comments.channels.resource(ref), "comment.updated", { commentId });

/** Also for the replies that go with it: one signal for the whole subtree. */
export const commentDeleted = (ref: ResourceRef, commentId: string): OutgoingSignal =>
  signal(comments.channels.resource(ref), "comment.deleted", { commentId });
