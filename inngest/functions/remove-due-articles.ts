import { removeDueArticles as remove } from "@/features/articles/remove-due-articles.ts";
import { runJob } from "@/wiring/context.ts";
import { inngest } from "../client.ts";

/** What is due and still there is due in ten minutes as well: a run that fails is made up for. */
export const removeDueArticles = inngest.createFunction(
  { id: "remove-due-articles", retries: 3, concurrency: 1, triggers: [{ cron: "*/10 * * * *" }] },
  ({ step }) => step.run("remove", () => runJob(remove)),
);
