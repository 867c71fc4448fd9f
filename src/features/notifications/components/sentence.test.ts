import { expect, test } from "vitest";
import type { Notification } from "../schema.ts";
import { deedOf, hrefOf } from "./sentence.ts";

const reply: Notification = {
  id: "n1",
  type: "reply_to_comment",
  createdAt: "2026-11-22T10:00:00.000Z",
  readAt: null,
  actor: { handle: "pim", name: "Pim" },
  page: { href: "/articles/page-400-is-a-lie", title: "Page 400 is a lie" },
  commentId: "c1",
  quote: "It is.",
};

test("S3.4 a notification leads to the comment it is about", () => {
  expect(deedOf(reply)).toBe("replied to your comment on");
  expect(hrefOf(reply)).toBe("/articles/page-400-is-a-lie#comment-c1");
});

test("S3.4 a reaction to a page leads to the page", () => {
  const reaction: Notification = { ...reply, type: "reaction_on_article", commentId: null };
  expect(hrefOf(reaction)).toBe("/articles/page-400-is-a-lie");
});

test("a notification about a deleted or unreadable page has no link", () => {
  expect(hrefOf({ ...reply, page: null })).toBeNull();
});

test("an invitation and a task lead to their pages", () => {
  const task: Notification = { ...reply, type: "submission_task", commentId: null };
  expect(deedOf(task)).toBe("gave you a task for");
  expect(deedOf({ ...task, type: "publication_invitation" })).toBe("invited you to");
  expect(hrefOf({ ...task, page: { href: "/invitations/i1", title: "The Margin" } })).toBe(
    "/invitations/i1",
  );
});
