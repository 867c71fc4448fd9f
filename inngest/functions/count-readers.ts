import { countReaders as count } from "@/features/desk/count-readers.ts";
import { runJob } from "@/wiring/context.ts";
import { inngest } from "../client.ts";

/** Does not use a step: a repeated run corrects the numbers. */
export const countReaders = inngest.createFunction(
  { id: "count-readers", retries: 2, concurrency: 1, triggers: [{ cron: "* * * * *" }] },
  () => runJob((ctx) => count(ctx, new Date())),
);
