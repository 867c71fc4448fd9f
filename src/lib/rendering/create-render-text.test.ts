import { expect, test } from "vitest";
import { createRenderText, type TextPlace } from "./create-render-text.ts";
import type { StoredRendering, TextSource } from "./rendered-text.ts";
import type { RenderOutcome } from "./renderer.ts";

const place: TextPlace = { table: "articles", id: "article", ownerId: "ann" };
const source: TextSource = { kind: "markdown", text: "a" };
const hour = 60 * 60_000;

/** A renderer whose result the test sets, and the saved results. */
function rig({ waitMs = 1_000, saving = Promise.resolve() } = {}) {
  const saved: { digest: string; outcome: RenderOutcome }[] = [];
  const errors: unknown[] = [];
  const settle: ((outcome: RenderOutcome | null) => void)[] = [];
  let now = 10 * hour;
  const renderText = createRenderText({
    renderer: {
      render: () => new Promise((resolve) => settle.push(resolve)),
      digestOf: ({ text }) => `digest of ${text}`,
      close: async () => {},
    },
    save: async (_place, digest, outcome) => {
      await saving;
      saved.push({ digest, outcome });
    },
    onError: (error) => errors.push(error),
    waitMs,
    now: () => now,
  });
  const stored = (parts: Partial<StoredRendering>): StoredRendering => ({
    digest: "digest of a",
    html: null,
    reason: "too_slow",
    attempts: 1,
    renderedAt: new Date(now),
    ...parts,
  });
  const pass = (ms: number) => {
    now += ms;
  };
  return { renderText, saved, errors, settle, stored, pass };
}

test("a text that was rendered before is not rendered again", async () => {
  const { renderText, settle, stored } = rig();
  const known = stored({ html: "<p>a</p>", reason: null });
  expect(await renderText(place, source, known)).toEqual({ html: "<p>a</p>" });
  expect(settle).toHaveLength(0);
});

test("readers who come together share one rendering, which is saved once", async () => {
  const { renderText, saved, settle } = rig();
  const readers = [renderText(place, source, null), renderText(place, source, null)];
  expect(settle).toHaveLength(1);
  settle[0]?.({ html: "<p>a</p>" });
  expect(await Promise.all(readers)).toEqual([{ html: "<p>a</p>" }, { html: "<p>a</p>" }]);
  expect(saved).toEqual([{ digest: "digest of a", outcome: { html: "<p>a</p>" } }]);
});

test("a rendering of the text before it was changed is not used", async () => {
  const { renderText, settle, stored } = rig();
  const old = stored({ digest: "digest of b", html: "<p>b</p>", reason: null });
  const reading = renderText(place, source, old);
  settle[0]?.({ html: "<p>a</p>" });
  expect(await reading).toEqual({ html: "<p>a</p>" });
});

test("a reader who has waited long enough gets the text as it was written; the rendering is kept for the next", async () => {
  const { renderText, saved, settle } = rig({ waitMs: 0 });
  expect(await renderText(place, source, null)).toEqual({ plain: "a", reason: "waiting" });
  settle[0]?.({ html: "<p>a</p>" });
  await expect.poll(() => saved).toHaveLength(1);
});

test("a text that no thread could take is shown without formatting, and nothing is saved", async () => {
  const { renderText, saved, settle } = rig();
  const reading = renderText(place, source, null);
  settle[0]?.(null);
  expect(await reading).toEqual({ plain: "a", reason: "waiting" });
  expect(saved).toEqual([]);
});

test("a text that was too slow is tried again an hour later, and never after the third time", async () => {
  const { renderText, settle, stored, pass } = rig();
  const known = stored({});
  pass(hour - 1);
  expect(await renderText(place, source, known)).toEqual({ plain: "a", reason: "too_slow" });
  expect(settle).toHaveLength(0);
  pass(1);
  const reading = renderText(place, source, known);
  settle[0]?.({ reason: "too_slow" });
  expect(await reading).toEqual({ plain: "a", reason: "too_slow" });
  expect(await renderText(place, source, stored({ attempts: 3, renderedAt: new Date(0) }))).toEqual(
    {
      plain: "a",
      reason: "too_slow",
    },
  );
  expect(settle).toHaveLength(1);
});

test("a text that is too large stays too large", async () => {
  const { renderText, settle, stored } = rig();
  const known = stored({ reason: "too_large", renderedAt: new Date(0) });
  expect(await renderText(place, source, known)).toEqual({ plain: "a", reason: "too_large" });
  expect(settle).toHaveLength(0);
});

test("code without a grammar is never rendered, and the page gives no reason", async () => {
  const { renderText, settle } = rig();
  const code: TextSource = { kind: "code", language: "text", text: "<b>" };
  expect(await renderText(place, code, null)).toEqual({ plain: "<b>", reason: "no_grammar" });
  expect(settle).toHaveLength(0);
});

test("a rendering that cannot be saved is shown all the same, and reported", async () => {
  const failure = new Error("no database");
  const saving = Promise.reject(failure);
  saving.catch(() => {});
  const { renderText, errors, settle } = rig({ saving });
  const reading = renderText(place, source, null);
  settle[0]?.({ html: "<p>a</p>" });
  expect(await reading).toEqual({ html: "<p>a</p>" });
  expect(errors).toEqual([failure]);
});
