import { type OutgoingSignal, signal } from "querycast";
import { brokerApps } from "./live.ts";

/** Tells every open page to ask which key is the current one, and whether its own is still served. */
export const keysChanged = (): OutgoingSignal =>
  signal(brokerApps.channels.site({}), "keys.changed");
