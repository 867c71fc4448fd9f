import type { PageCursors } from "querycast/server";
import { cache } from "react";
import { newPageCursors } from "@/wiring/realtime.ts";
import { currentAccount } from "./viewer.ts";

/** Where the log stood before this request read anything. Nobody without an account listens. */
export const pageCursors = cache((): PageCursors => {
  const read = newPageCursors();
  return async (channels) => ((await currentAccount()) === null ? {} : read(channels));
});
