import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/index.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";

/** Sent on the channel of the page, also for its comments. */
export const reactionAdded = (page: ResourceRef, reactableId: string): OutgoingSignal =>
  signal(channels.resource(page), "reaction.added", { reactableId });

export const reactionRemoved = (page: ResourceRef, reactableId: string): OutgoingSignal =>
  signal(channels.resource(page), "reaction.removed", { reactableId });

/** Sent on the own channel of the person who reacted. */
export const ownReactionChanged = (userId: string, reactableId: string): OutgoingSignal =>
  signal(channels.user({ userId }), "reaction.given-or-taken", { reactableId });
