import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/index.ts";

/** Makes every open page fetch the rollout for its viewer. */
export const rolloutChanged = (): OutgoingSignal => signal(channels.site({}), "rollout.changed");
