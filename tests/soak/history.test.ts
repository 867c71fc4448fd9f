import { expect, test } from "vitest";
import { createHistory } from "./history.ts";
import type { Read } from "./reads.ts";

const thread = { name: "thread", page: { resourceType: "gist", resourceId: "g1" } } as Read;
const rows = (...comments: readonly (readonly [id: string, body: string])[]) =>
  comments.map(([id, body]) => ({ id, body }));

function setUp() {
  const accusations: string[] = [];
  const { saw } = createHistory((what) => accusations.push(what));
  return { accusations, see: (...comments: [string, string][]) => saw(thread, rows(...comments)) };
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
