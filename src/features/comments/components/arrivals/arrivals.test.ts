import fc from "fast-check";
import { expect, test } from "vitest";
import type { Comment } from "../../schema.ts";
import { predecessors, split } from "./arrivals.ts";

const author = { id: "a", handle: "a", name: "A" };
const comment = (id: string, parentId: string | null): Comment => ({
  id,
  parentId,
  branchId: id,
  body: id,
  createdAt: "2026-01-01T00:00:00.000Z",
  editedAt: null,
  author,
});
const lists = fc
  .array(fc.option(fc.nat(), { nil: null }), { maxLength: 30 })
  .map((parents) =>
    parents.map((parent, index) =>
      comment(`c${index}`, parent === null || index === 0 ? null : `c${parent % index}`),
    ),
  );
const some = fc.array(fc.nat({ max: 29 }).map((n) => `c${n}`)).map((ids) => new Set(ids));

test("each comment is shown or held back, in order, and none is shown below one that is held back", () => {
  fc.assert(
    fc.property(lists, some, (comments, waitingIds) => {
      const { comments: shown, waiting } = split(comments, waitingIds);
      expect([...shown, ...waiting].toSorted(byPlace(comments))).toEqual(comments);
      expect(shown.some(({ id }) => waitingIds.has(id))).toBe(false);
      const ids = new Set(shown.map(({ id }) => id));
      expect(shown.every(({ parentId }) => parentId === null || ids.has(parentId))).toBe(true);
    }),
  );
});

test("a new root follows the last reply of the last thread, and a new reply follows its older siblings", () => {
  const comments = [
    comment("first", null),
    comment("second", null),
    comment("answer", "first"),
    comment("new answer", "first"),
    comment("new root", null),
  ];
  const after = predecessors(comments, (id) => !id.startsWith("new"));
  expect(after.get("first")).toBeNull();
  expect(after.get("new answer")).toBe("answer");
  expect(after.get("new root")).toBe("second");
});

const byPlace = (comments: readonly Comment[]) => (one: Comment, other: Comment) =>
  comments.indexOf(one) - comments.indexOf(other);
