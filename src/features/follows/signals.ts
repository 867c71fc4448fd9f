import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/index.ts";

/** Private to the person who follows: sent to their own channel. */
export const followStarted = (userId: string, resourceId: string): OutgoingSignal =>
  signal(channels.user({ userId }), "follow.started", { resourceId });

export const followEnded = (userId: string, resourceId: string): OutgoingSignal =>
  signal(channels.user({ userId }), "follow.ended", { resourceId });
