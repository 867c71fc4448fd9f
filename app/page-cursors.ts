import type { PageCursors } from "querycast/server";
import { cache } from "react";
import { newPageCursors } from "@/wiring/realtime/realtime.ts";
import { currentAccount } from "./viewer.ts";

/**
 * Cursors of the log from before this request read anything. Empty for signed-out viewers, who have no live
 * connection.
 */
export const pageCursors = cache((): PageCursors => {
  const read = newPageCursors();
  return async (channels) => ((await currentAccount()) === null ? {} : read(channels));
});
