import { repeatAnnouncements as repeat } from "@/features/admin/announcements/repeat-announcements.ts";
import { runJob } from "@/wiring/context.ts";
import { inngest } from "../client.ts";

/** Does not use a step: a message that was lost is repeated a minute later. */
export const repeatAnnouncements = inngest.createFunction(
  { id: "repeat-announcements", retries: 0, concurrency: 1, triggers: [{ cron: "* * * * *" }] },
  () => runJob(repeat),
);
