import { expect, test } from "vitest";
import { shortcutsFor } from "./list.ts";
import { type HeldKey, press } from "./press.ts";

/** The titles of the shortcuts that a sequence of keys triggers; a number is a pause in ms. */
function play(...steps: readonly (string | number)[]): readonly string[] {
  const shortcuts = shortcutsFor("author");
  const set: string[] = [];
  let held: HeldKey | null = null;
  let atMs = 0;
  for (const step of steps) {
    if (typeof step === "number") {
      atMs += step;
      continue;
    }
    const pressed = press(shortcuts, held, { key: step, atMs });
    held = pressed.held;
    if (pressed.shortcut) set.push(pressed.shortcut.title);
  }
  return set;
}

test("one key, or two in sequence, trigger the shortcut of the list", () => {
  expect(play("n", "p", "g", "n", "?")).toEqual([
    ...["Next comment", "Previous comment", "Notifications", "Show shortcuts"],
  ]);
});

test("the first key of a pair can be its second key, and the next pair starts fresh", () => {
  expect(play("g", "g", "g", "h")).toEqual(["Gists", "Home page"]);
});

test("a first key expires after a while, and by a key that does not complete it", () => {
  expect(play("g", 1501, "n")).toEqual(["Next comment"]);
  expect(play("g", "x", "n")).toEqual(["Next comment"]);
});

test("shortcuts are listed for the roles that can use them", () => {
  const titles = (role: Parameters<typeof shortcutsFor>[0]) =>
    shortcutsFor(role).map(({ title }) => title);
  expect(titles(null)).not.toContain("Bookmarks");
  expect(titles("reader")).toContain("Bookmarks");
  expect(titles("reader")).not.toContain("Dashboard");
  expect(titles("admin")).toContain("Dashboard");
});
