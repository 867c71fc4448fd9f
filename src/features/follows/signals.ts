import { type OutgoingSignal, signal } from "querycast";
import { follows } from "./live.ts";

/** Private to the person who follows: sent to their own channel. */
export const followStarted = (userId: string, resourceId: string): OutgoingSignal =>
  signal(follows.channels.user({ userId }), "follow.started", { resourceId });

export const followEnded = (userId: string, resourceId: string): OutgoingSignal =>
  signal(follows.channels.user({ userId }), "follow.ended", { resourceId });
