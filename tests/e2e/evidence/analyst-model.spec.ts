import { expect, type Page, type Route } from "@playwright/test";
import type { AnswerFrame } from "@/lib/analyst/frames.ts";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { gate, modelVariables, script, test } from "../steps/model-site.ts";
import { expectSameDocument, markDocument } from "../steps/steps.ts";

test.use({ extra: modelVariables });

const late = "The average delay of the first week was 14 minutes [OBS-0005]. ";
const path = "/publications/the-margin/ask";

async function ask(page: Page, question: string): Promise<void> {
  await page.goto(path);
  await page.getByLabel("Question").fill(question);
  await page.getByRole("button", { name: "Ask question" }).click();
}

test("S2.2 the first sentence is on the page while the model still writes, and the checked answer follows", async ({
  author,
}) => {
  const { wait, open } = gate();
  script.moves = [late, "The timetable lists", { wait }, " 38 crossings a day [OBS-0001]."];
  await ask(author, "How late is the ferry?");
  const streamed = author.locator("[data-status=streaming]");
  await expect(streamed).toContainText("14 minutes");
  await expect(streamed).not.toContainText("timetable");
  open();
  await expect(author.getByRole("article")).toContainText("38 crossings a day [OBS-0001].");
  await expect(author.getByRole("article")).toContainText("Grounded");
});

test("S2.1 the route sends the frames alone, as events that end with done", async ({ author }) => {
  script.moves = [late];
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
  script.moves = [late, "And", { wait: new Promise(() => {}) }];
  const page = await author.context().newPage();
  await ask(page, "Who leaves?");
  await expect(page.locator("[data-status=streaming]")).toContainText("14 minutes");
  const request = model.requests.at(-1);
  await page.close();
  await request?.cancelled;
  await author.goto(path);
  const question = author.getByRole("listitem").filter({ hasText: "Who leaves?" });
  await expect(question).toContainText("Being answered…");
  await expect(question.getByRole("article")).toHaveCount(0);
});

test("S2.7 an answer that breaks off is shown as incomplete", async ({ author }) => {
  script.moves = [late, "And", "break off"];
  await ask(author, "What breaks?");
  await expect(author.locator("[data-status=incomplete]")).toContainText("14 minutes");
  await expect(author.getByText("Incomplete: the answer was broken off.")).toBeVisible();
});

test("S2.5 an answer that cites what does not exist is shown as not grounded", async ({
  author,
}) => {
  script.moves = ["The ferry sank with 900 people [OBS-0099]."];
  await ask(author, "Did it sink?");
  const answer = author.getByRole("article").filter({ hasText: "sank" });
  await expect(answer).toContainText("Not grounded: do not rely on this answer");
  await answer.getByText("Show the cited observations").click();
  await expect(answer).toContainText("OBS-0099 does not exist, or you cannot read it.");
});

test("S2.7 the stored answer is shown without a reload when the stream is lost after the store", async ({
  author,
}) => {
  script.moves = [late];
  await author.route(
    "**/api/analyst",
    untilClosed(author, async (route: Route) => {
      if (route.request().method() !== "POST") return route.fallback();
      const response = await route.fetch();
      const text = await response.text();
      expect(text).toContain('"type":"done"');
      const events = text.split("\n\n").filter((event) => !event.includes('"type":"done"'));
      await route.fulfill({ response, body: events.join("\n\n") });
    }),
  );
  await author.goto(path);
  await markDocument(author);
  const question = `What is lost? ${Date.now()}`;
  await author.getByLabel("Question").fill(question);
  await author.getByRole("button", { name: "Ask question" }).click();
  const answer = author.getByRole("article").filter({ hasText: question });
  await expect(answer).toContainText(late.trim());
  await expect(answer).toContainText("Grounded");
  await expect(author.locator("[data-status]")).toHaveCount(0);
  await expectSameDocument(author);
});
