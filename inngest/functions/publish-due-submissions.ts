import { publishDueSubmissions as publish } from "@/features/submissions/publish-due-submissions.ts";
import { runJob } from "@/wiring/context.ts";
import { inngest } from "../client.ts";

/** The next run, a minute later, publishes the submissions that a failed run has left. */
export const publishDueSubmissions = inngest.createFunction(
  { id: "publish-due-submissions", retries: 3, concurrency: 1, triggers: [{ cron: "* * * * *" }] },
  ({ step }) => step.run("publish", () => publish(runJob)),
);
