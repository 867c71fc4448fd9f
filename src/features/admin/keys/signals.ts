import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/index.ts";

/** Makes every open page fetch the current key, and whether its own key is still served. */
export const keysChanged = (): OutgoingSignal => signal(channels.site({}), "keys.changed");
