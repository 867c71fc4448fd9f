import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/index.ts";
import type { ResourceRef } from "./schema.ts";

/** Signals of a comment at any depth go to the channel of its page. */
export const commentCreated = (ref: ResourceRef, commentId: string): OutgoingSignal =>
  signal(channels.resource(ref), "comment.created", { commentId });

export const commentUpdated = (ref: ResourceRef, commentId: string): OutgoingSignal =>
  signal(channels.resource(ref), "comment.updated", { commentId });

/** One signal for a comment and all deleted replies below it. */
export const commentDeleted = (ref: ResourceRef, commentId: string): OutgoingSignal =>
  signal(channels.resource(ref), "comment.deleted", { commentId });
