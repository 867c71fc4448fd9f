import { type OutgoingSignal, signal } from "querycast";
import { rollout } from "./live.ts";

/** Makes every open page fetch the rollout for its viewer. */
export const rolloutChanged = (): OutgoingSignal =>
  signal(rollout.channels.site({}), "rollout.changed");
