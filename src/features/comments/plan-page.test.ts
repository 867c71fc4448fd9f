import fc from "fast-check";
import { expect, test } from "vitest";
import { type Entry, planPage } from "./plan-page.ts";
import type { CommentWindow } from "./schema.ts";

/** Ids and times in the same order, so that a parent precedes its replies. */
const idOf = (index: number) => `00000000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;
const entry = (index: number, parent: number | null): Entry => ({
  id: idOf(index),
  parentId: parent === null ? null : idOf(parent),
  at: `2026-01-01 00:00:00.${String(index).padStart(6, "0")}+00`,
});
const threads = fc
  .array(fc.option(fc.nat(), { nil: null, freq: 3 }), { minLength: 1, maxLength: 300 })
  .map((parents) =>
    parents.map((parent, index) =>
      entry(index, parent === null || index === 0 ? null : parent % index),
    ),
  );
/** Number of comments that fit into a page: at least three of the largest. */
const room = fc.integer({ min: 3, max: 120 });

function read(entries: readonly Entry[], window: CommentWindow, most: number) {
  const plan = planPage(entries, window);
  const ids = plan.wanted.slice(0, most);
  return { ids, branchOf: plan.branchOf, ...plan.describe(new Set(ids)) };
}

/** Follows the cursors from a window to the first page. */
function readAll(entries: readonly Entry[], from: CommentWindow, most: number) {
  const pages = [read(entries, from, most)];
  for (let older = pages[0]?.older ?? null; older !== null; ) {
    const page = read(entries, { branch: from.branch, before: older }, most);
    pages.push(page);
    older = page.older;
  }
  return pages;
}

test("the pages of a thread and of its folded branches hold every comment, for any page size", () => {
  fc.assert(
    fc.property(threads, room, (entries, most) => {
      const pages = readAll(entries, {}, most);
      const folded = pages.flatMap((page) => Object.keys(page.folded));
      const ofBranches = folded.flatMap((branch) => readAll(entries, { branch }, most));
      const seen = new Set([...pages, ...ofBranches].flatMap(({ ids }) => ids));
      expect([...seen].sort()).toEqual(entries.map(({ id }) => id));
    }),
  );
});

test("a page holds no reply without its top-level comment, and counts the omitted replies", () => {
  fc.assert(
    fc.property(threads, room, (entries, most) => {
      for (const { ids, branchOf, folded } of readAll(entries, {}, most)) {
        for (const root of new Set(ids.map(branchOf))) {
          expect(ids).toContain(root);
          const all = entries.filter(({ id }) => branchOf(id) === root).length;
          const shown = ids.filter((id) => branchOf(id) === root).length;
          expect(folded[root] ?? 0).toBe(all - shown);
        }
      }
    }),
  );
});

test("each comment is on the page around it, and older pages follow that page", () => {
  fc.assert(
    fc.property(threads, fc.nat(), room, (entries, pick, most) => {
      const around = entries[pick % entries.length]?.id ?? "";
      const page = read(entries, { around }, most);
      expect(page.ids).toContain(around);
      const newest = read(entries, { around }, most).branchOf(around);
      const older = readAll(entries, { around }, most).slice(1);
      expect(older.flatMap(({ ids }) => ids).every((id) => page.branchOf(id) < newest)).toBe(true);
    }),
  );
});

test("a page starts with the newest branch and holds between 20 and 39 of them", () => {
  const entries = Array.from({ length: 95 }, (_, index) => entry(index, null));
  const pages = readAll(entries, {}, 100);
  expect(pages[0]?.ids[0]).toBe(idOf(94));
  expect(pages.map(({ ids }) => ids.length)).toEqual([35, 20, 20, 20]);
  expect(pages.map(({ newer }) => newer)).toEqual([false, true, true, true]);
});

test("the start of a page moves once in twenty new branches", () => {
  const starts = Array.from({ length: 100 }, (_, size) =>
    read(
      Array.from({ length: size + 1 }, (_, index) => entry(index, null)),
      {},
      100,
    ).ids.at(-1),
  );
  expect(new Set(starts).size).toBe(5);
});

test("a deleted comment, a deleted branch and an empty window all return the newest page", () => {
  const entries = Array.from({ length: 30 }, (_, index) => entry(index, null));
  const ids = ({ wanted }: { readonly wanted: readonly string[] }) => wanted;
  expect(ids(planPage(entries, { around: idOf(99) }))).toEqual(ids(planPage(entries, {})));
  expect(ids(planPage(entries, { branch: idOf(99) }))).toEqual(ids(planPage(entries, {})));
});

test("a thread that is one chain of replies is planned without recursion", () => {
  const chain = Array.from({ length: 50_000 }, (_, index) =>
    entry(index, index === 0 ? null : index - 1),
  );
  const { ids, folded } = read(chain, {}, 100);
  expect(ids[0]).toBe(idOf(0));
  expect(folded[idOf(0)]).toBe(50_000 - ids.length);
});
