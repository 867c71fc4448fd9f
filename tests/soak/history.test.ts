import { expect, test } from "vitest";
import { createHistory } from "./history.ts";
import type { Read } from "./reads.ts";

const thread = { name: "thread", page: { resourceType: "gist", resourceId: "g1" } } as Read;

/** Ids are in order of time. */
type Row = readonly [id: string, body: string, branchId?: string];
const pageOf = (rows: readonly Row[], edges: object = {}) => ({
  comments: rows.map(([id, body, branchId = id]) => ({ id, branchId, body, createdAt: id })),
  older: null,
  folded: {},
  ...edges,
});

function setUp() {
  const accusations: string[] = [];
  const { saw } = createHistory((what) => accusations.push(what));
  return {
    accusations,
    see: (...rows: Row[]) => saw(thread, pageOf(rows)),
    seePage: (edges: object, ...rows: Row[]) => saw(thread, pageOf(rows, edges)),
  };
}

test("I5 a thread that only grows and is edited forwards is in order", () => {
  const { accusations, see } = setUp();
  see(["a", "comment"]);
  see(["a", "edit 1"], ["b", "comment"]);
  see(["a", "edit 4"]);
  expect(accusations).toEqual([]);
});

test("I5 a comment that comes back, and an edit that is undone, are noticed", () => {
  const { accusations, see } = setUp();
  see(["a", "edit 4"], ["b", "comment"]);
  see(["a", "edit 2"]);
  see(["a", "edit 4"], ["b", "comment"]);
  expect(accusations).toHaveLength(2);
});

test("I5 a comment that moved to an older page may come back; a comment newer than the page may not", () => {
  const { accusations, see, seePage } = setUp();
  see(["a", "comment"], ["b", "comment"], ["c", "comment"], ["d", "comment", "a"]);
  seePage({ older: "cursor" }, ["b", "comment"]);
  see(["a", "comment"], ["b", "comment"], ["d", "comment", "a"]);
  expect(accusations).toEqual([]);
  see(["b", "comment"], ["c", "comment"]);
  expect(accusations).toEqual([expect.stringContaining("shows c after it was gone")]);
});

test("I5 a reply that its branch folds may come back", () => {
  const { accusations, see, seePage } = setUp();
  see(["a", "comment"], ["b", "comment", "a"]);
  seePage({ folded: { a: 1 } }, ["a", "comment"]);
  see(["a", "comment"], ["b", "comment", "a"]);
  expect(accusations).toEqual([]);
});
