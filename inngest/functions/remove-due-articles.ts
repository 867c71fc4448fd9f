import { removeDueArticles as remove } from "@/features/articles/write/remove-due-articles.ts";
import { runJob } from "@/wiring/context.ts";
import { inngest } from "../client.ts";

/** The next run, ten minutes later, removes the articles that a failed run has left. */
export const removeDueArticles = inngest.createFunction(
  { id: "remove-due-articles", retries: 3, concurrency: 1, triggers: [{ cron: "*/10 * * * *" }] },
  ({ step }) => step.run("remove", () => remove(runJob)),
);
