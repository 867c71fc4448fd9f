import { expect, test } from "vitest";
import type { Read } from "../people/reads.ts";
import { createHistory } from "./history.ts";

const thread = { name: "thread", page: { resourceType: "gist", resourceId: "g1" } } as Read;

/** Ids are in the order of creation. */
type Row = readonly [id: string, body: string, branchId?: string];
const pageOf = (rows: readonly Row[], edges: object = {}) => ({
  comments: rows.map(([id, body, branchId = id]) => ({ id, branchId, body, createdAt: id })),
  older: null,
  folded: {},
  ...edges,
});

function setUp() {
  const violations: string[] = [];
  const { saw } = createHistory((what) => violations.push(what));
  return {
    violations,
    see: (...rows: Row[]) => saw(thread, pageOf(rows)),
    seePage: (edges: object, ...rows: Row[]) => saw(thread, pageOf(rows, edges)),
  };
}

test("I5 a thread with new comments and newer edits is not reported", () => {
  const { violations, see } = setUp();
  see(["a", "comment"]);
  see(["a", "edit 1"], ["b", "comment"]);
  see(["a", "edit 4"]);
  expect(violations).toEqual([]);
});

test("I5 a reappearing comment and an undone edit are reported", () => {
  const { violations, see } = setUp();
  see(["a", "edit 4"], ["b", "comment"]);
  see(["a", "edit 2"]);
  see(["a", "edit 4"], ["b", "comment"]);
  expect(violations).toHaveLength(2);
});

test("I5 a comment may reappear from an older page, a comment newer than the page may not", () => {
  const { violations, see, seePage } = setUp();
  see(["a", "comment"], ["b", "comment"], ["c", "comment"], ["d", "comment", "a"]);
  seePage({ older: "cursor" }, ["b", "comment"]);
  see(["a", "comment"], ["b", "comment"], ["d", "comment", "a"]);
  expect(violations).toEqual([]);
  see(["b", "comment"], ["c", "comment"]);
  expect(violations).toEqual([expect.stringContaining("shows c after it was deleted")]);
});

test("I5 a reply in a folded branch may reappear", () => {
  const { violations, see, seePage } = setUp();
  see(["a", "comment"], ["b", "comment", "a"]);
  seePage({ folded: { a: 1 } }, ["a", "comment"]);
  see(["a", "comment"], ["b", "comment", "a"]);
  expect(violations).toEqual([]);
});
