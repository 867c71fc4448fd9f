import { afterAll, expect, test } from "vitest";
import { hostileCode, hostileMarkdown } from "../../../tests/support/hostile/hostile-texts.ts";
import {
  costOfParsing,
  costOfReading,
  costOfRendering,
} from "../../../tests/support/hostile/reading-cost.ts";
import { articleLimits } from "../article-limits.ts";
import { createRenderer } from "./renderer.ts";

/** A renderer with a short deadline. */
const hasty = createRenderer({ deadlineMs: 250 });
afterAll(() => hasty.close());

/** The slowest text of each kind; bench/hostile-text.ts runs them all. */
const worst = [
  "markdown: emphasis",
  "markdown: nested quotes and lists",
  "markdown: nested quotes",
  "markdown: table cells",
  "markdown: links in links",
  "markdown: paragraphs",
  "markdown: a block of ts",
  "typescript: one long word",
  "cpp: keywords of many languages",
  "typescript: numbers",
];

const worstTexts = [...hostileMarkdown(), ...hostileCode()].filter(({ name }) =>
  worst.includes(name),
);

test.each(worstTexts)(
  "$name, as long as allowed, becomes HTML that fits a page, or a reason",
  async ({ source }) => {
    const outcome = await hasty.render(source, "mallory");
    if (outcome === null) throw new Error("It was not tried.");
    if ("html" in outcome) expect(outcome.html.length).toBeLessThanOrEqual(700_000);
    else expect(["too_slow", "too_large", "failed"]).toContain(outcome.reason);
  },
);

test.each(worstTexts)(
  "$name, as long as allowed, costs a request no more main thread than parsing 3.5 MB of JSON, rendered and read",
  { timeout: 120_000 }, // three runs of the longest texts
  async ({ source }) => {
    const renderings: Awaited<ReturnType<typeof costOfRendering>>[] = [];
    for (let run = 0; run < 3; run += 1) renderings.push(await costOfRendering(hasty, source));
    const { html } = renderings[0] ?? { html: null };
    const bound = costOfParsing();
    // The least, as the first run compiles the code.
    expect(Math.min(...renderings.map(({ renderMs }) => renderMs))).toBeLessThanOrEqual(bound);
    expect(costOfReading(hasty, source, html)).toBeLessThanOrEqual(bound);
  },
);

test("the longest HTML that a text may become costs a request no more main thread than parsing 3.5 MB of JSON", () => {
  const source = { kind: "markdown", text: "a".repeat(articleLimits.body) } as const;
  expect(costOfReading(hasty, source, "<em>a</em>".repeat(70_000))).toBeLessThanOrEqual(
    costOfParsing(),
  );
});

test("a text that passes its deadline is given up, the main thread works on, and the next text is rendered", async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  const source = { kind: "code", language: "ts", text: "a".repeat(200_000) } as const;
  const given = await hasty.render(source, "mallory");
  clearInterval(timer);
  expect(given).toEqual({ reason: "too_slow" });
  expect(turns).toBeGreaterThan(20);
  expect(await hasty.render({ kind: "markdown", text: "*b*" }, "ann")).toEqual({
    html: "<p><em>b</em></p>",
  });
});

test("a text that needs more memory than its thread has is given up, and the process lives on", async () => {
  const small = createRenderer({ memoryMb: 20, deadlineMs: 20_000 });
  const text = "a\n\n".repeat(33_000);
  expect(await small.render({ kind: "markdown", text }, "ann")).toEqual({ reason: "failed" });
  expect(await small.render({ kind: "markdown", text: "b" }, "ann")).toEqual({ html: "<p>b</p>" });
  await small.close();
});
