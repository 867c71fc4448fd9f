import { expect, type Page } from "@playwright/test";
import type { AnswerFrame } from "@/lib/analyst/frames.ts";
import { freePort } from "../../scripts/parts/ports.ts";
import { type ModelMove, type ModelServer, startModelServer } from "../support/model-server.ts";
import { test as base } from "./own-site.ts";

/** A site whose analyst is a model, which a test scripts. */
const port = await freePort();
const state: { moves: readonly ModelMove[] } = { moves: [] };
const test = base.extend<object, { model: ModelServer }>({
  model: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's names
    async ({}, use) => {
      const server = await startModelServer(() => state.moves, port);
      await use(server);
      await server.close();
    },
    { scope: "worker", auto: true },
  ],
});

test.use({
  extra: {
    ANALYST_PROVIDER: "openai-compatible",
    ANALYST_BASE_URL: `http://127.0.0.1:${port}/v1`,
    ANALYST_MODEL: "scripted",
  },
});

const late = "The average delay of the first week was 14 minutes [OBS-0005]. ";
const path = "/publications/the-margin/ask";

/** A promise that a test resolves. */
function gate() {
  let open = () => {};
  const wait = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { wait, open };
}

async function ask(page: Page, question: string): Promise<void> {
  await page.goto(path);
  await page.getByLabel("Question").fill(question);
  await page.getByRole("button", { name: "Ask question" }).click();
}

test("S2.2 the first sentence is on the page while the model still writes, and the checked answer follows", async ({
  author,
}) => {
  const { wait, open } = gate();
  state.moves = [late, "The timetable lists", { wait }, " 38 crossings a day [OBS-0001]."];
  await ask(author, "How late is the ferry?");
  const streamed = author.locator("[data-status=streaming]");
  await expect(streamed).toContainText("14 minutes");
  await expect(streamed).not.toContainText("timetable");
  open();
  await expect(author.getByRole("article")).toContainText("38 crossings a day [OBS-0001].");
  await expect(author.getByRole("article")).toContainText("Grounded");
});

test("S2.1 the route sends the frames alone, as events that end with done", async ({ author }) => {
  state.moves = [late];
  await author.goto(path);
  const text = await author.evaluate(async () => {
    const [, slug] = /publications\/([^/]+)/.exec(location.pathname) ?? [];
    const list = await (await fetch("/api/publications?filter=yours")).json();
    const { id } = list.find((each: { slug: string }) => each.slug === slug);
    const answerId = "00000000-0000-4000-8000-000000000001";
    const response = await fetch("/api/analyst", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ publicationId: id, answerId, question: "How late is the ferry?" }),
    });
    return response.text();
  });
  const frames = text
    .trimEnd()
    .split("\n\n")
    .map((event) => JSON.parse(event.replace(/^data: /, "")) as AnswerFrame);
  expect(frames[0]).toEqual({ type: "tool_start", name: "query_observations" });
  expect(frames.slice(1, -1)).toEqual([{ type: "text", content: late }]);
  expect(frames.at(-1)).toEqual({ type: "done", citations: ["OBS-0005"], grounded: true });
});

test("S2.13 closing the tab cancels the request to the model, and the question stays without an answer", async ({
  author,
  model,
}) => {
  state.moves = [late, "And", { wait: new Promise(() => {}) }];
  const page = await author.context().newPage();
  await ask(page, "Who leaves?");
  await expect(page.locator("[data-status=streaming]")).toContainText("14 minutes");
  const request = model.requests.at(-1);
  await page.close();
  await request?.cancelled;
  await author.goto(path);
  const question = author.getByRole("listitem").filter({ hasText: "Who leaves?" });
  await expect(question).toContainText("Incomplete: no answer was completed.");
});

test("S2.7 an answer that breaks off is shown as incomplete", async ({ author }) => {
  state.moves = [late, "And", "break off"];
  await ask(author, "What breaks?");
  await expect(author.locator("[data-status=incomplete]")).toContainText("14 minutes");
  await expect(author.getByText("Incomplete: the answer was broken off.")).toBeVisible();
});

test("S2.5 an answer that cites what does not exist is shown as not grounded", async ({
  author,
}) => {
  state.moves = ["The ferry sank with 900 people [OBS-0099]."];
  await ask(author, "Did it sink?");
  const answer = author.getByRole("article").filter({ hasText: "sank" });
  await expect(answer).toContainText("Not grounded: do not rely on this answer");
  await answer.getByText("Show the cited observations").click();
  await expect(answer).toContainText("OBS-0099 does not exist, or you cannot read it.");
});
