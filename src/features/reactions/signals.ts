import { type OutgoingSignal, signal } from "querycast";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { reactions } from "./live.ts";

/** On the channel of the page, also when it was given to a comment there. */
export const reactionAdded = (page: ResourceRef, reactableId: string): OutgoingSignal =>
  signal(reactions.channels.resource(page), "reaction.added", { reactableId });

export const reactionRemoved = (page: ResourceRef, reactableId: string): OutgoingSignal =>
  signal(reactions.channels.resource(page), "reaction.removed", { reactableId });

/** To the tabs and devices of whoever gave it or took it back. */
export const ownReactionChanged = (userId: string, reactableId: string): OutgoingSignal =>
  signal(reactions.channels.user({ userId }), "reaction.given-or-taken", { reactableId });
