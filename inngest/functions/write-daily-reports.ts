import { writeDailyReports as write } from "@/features/dashboard/write-daily-reports.ts";
import { runJob } from "@/wiring/context.ts";
import { inngest } from "../client.ts";

/** Soon after midnight in UTC. A repeated run writes the reports that a failed run has left. */
export const writeDailyReports = inngest.createFunction(
  { id: "write-daily-reports", retries: 5, concurrency: 1, triggers: [{ cron: "5 0 * * *" }] },
  ({ step }) => step.run("write", () => write(runJob)),
);
