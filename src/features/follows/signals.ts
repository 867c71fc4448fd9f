import { type OutgoingSignal, signal } from "querycast";
import { follows } from "./live.ts";

/** To the tabs and devices of whoever follows, and to nobody else. */
export const followStarted = (userId: string, resourceId: string): OutgoingSignal =>
  signal(follows.channels.user({ userId }), "follow.started", { resourceId });

export const followEnded = (userId: string, resourceId: string): OutgoingSignal =>
  signal(follows.channels.user({ userId }), "follow.ended", { resourceId });
