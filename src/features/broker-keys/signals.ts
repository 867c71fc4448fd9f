import { type OutgoingSignal, signal } from "querycast";
import { brokerApps } from "./live.ts";

/** Makes every open page fetch the current key, and whether its own key is still served. */
export const keysChanged = (): OutgoingSignal =>
  signal(brokerApps.channels.site({}), "keys.changed");
