import { countReaders as count } from "@/features/desk/count-readers.ts";
import { runJob } from "@/wiring/context.ts";
import { inngest } from "../client.ts";

/** Does not use a step: a repeated run corrects the numbers. A late run counts the minute for which it was due. */
export const countReaders = inngest.createFunction(
  { id: "count-readers", retries: 2, concurrency: 1, triggers: [{ cron: "* * * * *" }] },
  ({ event }) => runJob((ctx) => count(ctx, new Date(event.ts ?? Date.now()))),
);
