import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { unreadTitleScript } from "./unread-title.ts";

beforeAll(() => {
  new Function(unreadTitleScript)(); // jsdom runs no script elements
});
beforeEach(() => {
  document.title = "First · Inkwell";
});

const expectTitle = (title: string) => vi.waitFor(() => expect(document.title).toBe(title));
const show = (count: number) => window.showUnreadInTitle?.(count) ?? (() => {});

test("the number is before the title, changes with the count, and is taken away", async () => {
  const hide = show(3);
  await expectTitle("(3) First · Inkwell");
  show(4);
  await expectTitle("(4) First · Inkwell");
  show(0);
  await expectTitle("First · Inkwell");
  show(100);
  await expectTitle("(99+) First · Inkwell");
  hide();
  await expectTitle("First · Inkwell");
});

test("the number stays before a title that the page sets or replaces, and a title may begin with a number itself", async () => {
  const hide = show(2);
  document.title = "(1) Second · Inkwell";
  await expectTitle("(2) (1) Second · Inkwell");
  const other = document.createElement("title");
  other.textContent = "Third";
  document.querySelector("title")?.replaceWith(other);
  await expectTitle("(2) Third");
  other.firstChild?.replaceWith("Fourth");
  await expectTitle("(2) Fourth");
  hide();
  await expectTitle("Fourth");
});

test("a document between two titles gets none", async () => {
  const hide = show(2);
  document.querySelector("title")?.remove();
  await Promise.resolve();
  expect(document.querySelectorAll("title")).toHaveLength(0);
  document.title = "Fifth";
  await expectTitle("(2) Fifth");
  hide();
});
