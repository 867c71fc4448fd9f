import {
  ingestFeed,
  listAllFeeds,
  noteFailedFeed,
} from "@/features/evidence/ingest/ingest-feeds.ts";
import { runJob } from "@/wiring/context.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { readFeed } from "@/wiring/read-feed.ts";
import { inngest } from "../client.ts";

/** Reads the feeds of all publications. A feed that fails is read again by the next run, and holds up no other one. */
export const ingestFeeds = inngest.createFunction(
  { id: "ingest-feeds", retries: 1, concurrency: 1, triggers: [{ cron: "*/5 * * * *" }] },
  async ({ step }) => {
    const feeds = await step.run("list", () => runJob(listAllFeeds));
    for (const feed of feeds) {
      try {
        await step.run(`ingest ${feed.id}`, async () => {
          const text = await readFeed(feed.url);
          return runJob((ctx) => ingestFeed({ ...ctx, keys: evidenceKeys() }, feed, text));
        });
      } catch {
        await step.run(`note ${feed.id}`, () => runJob((ctx) => noteFailedFeed(ctx, feed)));
      }
    }
  },
);
