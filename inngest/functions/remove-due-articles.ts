import { removeDueArticles as remove } from "@/features/articles/remove-due-articles.ts";
import { runJob } from "@/wiring/context.ts";
import { inngest } from "../client.ts";

/**
 * Removes due articles every ten minutes. Articles that a failed run has left are removed by the next run.
 */
export const removeDueArticles = inngest.createFunction(
  { id: "remove-due-articles", retries: 3, concurrency: 1, triggers: [{ cron: "*/10 * * * *" }] },
  ({ step }) => step.run("remove", () => runJob(remove)),
);
