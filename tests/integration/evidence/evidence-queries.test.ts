import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ask } from "@/features/analyst/ask.ts";
import { listAnswers } from "@/features/analyst/list-answers.ts";
import { answersQuery } from "@/features/analyst/queries.ts";
import { type AnswerPage, answersInput } from "@/features/analyst/schema.ts";
import { storeAnswer } from "@/features/analyst/store-answer.ts";
import { ingestFeed, listAllFeeds } from "@/features/evidence/ingest/ingest-feeds.ts";
import { listFeeds } from "@/features/evidence/ingest/list-feeds.ts";
import { feedsQuery } from "@/features/evidence/queries.ts";
import type { Feed } from "@/features/evidence/schema.ts";
import { keys } from "../../support/rigs/evidence-rig.ts";
import { foundPublication } from "../../support/rigs/publications-rig.ts";
import { createRolloutRig, type RolloutRig } from "../../support/rigs/rollout-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { openLivePage } from "../../support/site/live-page.ts";

/** Open pages of members, whose rows are written in another tab or by a job. */

const { ann, ben } = viewers;
let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
});
beforeEach(() => rig.clear());
afterAll(() => rig.close());

test("an open page of questions gets a question that was asked in another tab, and then its answer", async () => {
  const { publicationId, join } = await foundPublication(rig.site, ben);
  await join(ann, "Writer");
  const query = answersQuery(publicationId, ann.userId);
  const page = await openLivePage(rig, ann, [query], {
    "/api/analyst": (params) => (ctx) =>
      listAnswers({ ...ctx, resolve: async () => new Map() }, answersInput.parse(params)),
  });
  const shown = () =>
    page.data<AnswerPage>(query.queryKey)?.rows.map(({ id, answer }) => [id, answer?.text ?? null]);
  expect(shown()).toEqual([]);
  const answerId = randomUUID();
  const question = "How late is the ferry?";
  await rig.site.contexts.write(ann)((ctx) =>
    ask(ctx, { publicationId, answerId, question }, "built-in"),
  );
  await vi.waitFor(() => expect(shown()).toEqual([[answerId, null]]), 10_000);
  const answer = { text: "It is not known.", citations: [], grounded: false };
  await rig.site.contexts.write(ann)((ctx) => storeAnswer(ctx, answerId, answer, []));
  await vi.waitFor(() => expect(shown()).toEqual([[answerId, answer.text]]), 10_000);
}, 60_000);

test("an open list of feeds gets each reading of a feed, also one that failed or found nothing new", async () => {
  const { publicationId, join } = await foundPublication(rig.site, ben);
  await join(ann, "Editor");
  await rig.site.owner`insert into evidence_feeds (publication_id, name, url)
    values (${publicationId}, 'Harbour', 'https://feed.example')`;
  const query = feedsQuery(publicationId, { userId: ann.userId, isMember: true });
  const page = await openLivePage(rig, ann, [query], {
    "/api/publications/evidence/feeds": () => (ctx) => listFeeds(ctx, { publicationId }),
  });
  const shown = () =>
    page
      .data<readonly Feed[]>(query.queryKey)
      ?.map(({ readAt, error }) => [readAt !== null, error]);
  expect(shown()).toEqual([[false, null]]);
  const read = (text: string | Error) =>
    rig.site.contexts.job(async (ctx) => {
      const feed = (await listAllFeeds(ctx)).find((each) => each.publicationId === publicationId);
      if (feed !== undefined) await ingestFeed({ ...ctx, keys }, feed, text);
    });
  await read(new Error("The feed did not answer."));
  await vi.waitFor(() => expect(shown()).toEqual([[true, "The feed did not answer."]]), 10_000);
  await read("[]");
  await vi.waitFor(() => expect(shown()).toEqual([[true, null]]), 10_000);
}, 60_000);
