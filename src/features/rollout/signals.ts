import { type OutgoingSignal, signal } from "querycast";
import { rollout } from "./live.ts";

/** Tells every open page that something was switched: each asks what is on for its own viewer. */
export const rolloutChanged = (): OutgoingSignal =>
  signal(rollout.channels.site({}), "rollout.changed");
