import fc from "fast-check";
import { expect, test } from "vitest";
import type { Comment } from "../schema.ts";
import { buildThread, countComments, deleteFrom, foldReplies, type ThreadNode } from "./thread.ts";

function comment(id: string, parentId: string | null = null, minute = 0): Comment {
  return {
    id,
    parentId,
    branchId: id,
    body: id,
    createdAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
    editedAt: null,
    author: { id: `author-${id}`, handle: id, name: id },
  };
}

/** Lists as from the server: in order of time, so a parent precedes its replies. */
const lists = fc
  .array(fc.option(fc.nat(), { nil: null }), { maxLength: 40 })
  .map((parents) =>
    parents.map((parent, index) =>
      comment(`c${index}`, parent === null || index === 0 ? null : `c${parent % index}`, index),
    ),
  );

const flat = (nodes: readonly ThreadNode[]): string[] =>
  nodes.flatMap((node) => [node.comment.id, ...flat(node.replies)]);

test("replies are below their parent, in order of time", () => {
  const [root, second] = buildThread([
    comment("a"),
    comment("b"),
    comment("a1", "a"),
    comment("a1x", "a1"),
    comment("a2", "a"),
  ]);
  expect(flat([root!])).toEqual(["a", "a1", "a1x", "a2"]);
  expect(flat([second!])).toEqual(["b"]);
  expect(root!.replies[0]!.replies[0]!.depth).toBe(2);
});

test("a thread shows every comment exactly once", () => {
  fc.assert(
    fc.property(lists, (comments) => {
      expect(flat(buildThread(comments)).sort()).toEqual(comments.map(({ id }) => id).sort());
    }),
  );
});

test("a reply without its parent is shown as a root", () => {
  expect(flat(buildThread([comment("a"), comment("lost", "gone")]))).toEqual(["a", "lost"]);
});

test("a fold holds everything below its node, with the parent of each reply", () => {
  const [root] = buildThread([
    comment("a"),
    comment("b", "a"),
    comment("c", "b"),
    comment("d", "a"),
  ]);
  expect(foldReplies(root!).map(({ comment: { id }, answers }) => [id, answers?.id])).toEqual([
    ["b", "a"],
    ["c", "b"],
    ["d", "a"],
  ]);
});

test("S3.12 a deleted comment without replies by others is removed with its subtree and nothing else", () => {
  const own = (id: string, parentId: string) => ({
    ...comment(id, parentId),
    author: comment("a").author,
  });
  const thread = [comment("a"), comment("b"), own("a1", "a"), own("a1x", "a1"), own("b1", "b")];
  expect(deleteFrom(thread, "a").map(({ id }) => id)).toEqual(["b", "b1"]);
});

test("S3.12 a deleted comment with replies by others is shown as a tombstone until its last reply is removed", () => {
  const thread = [comment("a"), comment("a1", "a"), comment("a1x", "a1")];
  const first = deleteFrom(thread, "a");
  expect(first.map(({ id, author, body }) => [id, author === null, body])).toEqual([
    ["a", true, ""],
    ["a1", false, "a1"],
    ["a1x", false, "a1x"],
  ]);
  expect(countComments(first)).toBe(2);
  const second = deleteFrom(first, "a1");
  expect(second.map(({ id }) => id)).toEqual(["a", "a1", "a1x"]);
  expect(deleteFrom(second, "a1x")).toEqual([]);
});
