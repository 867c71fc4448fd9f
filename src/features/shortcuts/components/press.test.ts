import { expect, test } from "vitest";
import { shortcutsFor } from "./list.ts";
import { type HeldKey, press } from "./press.ts";

/** The titles of the shortcuts that a row of keys sets off; a number is a pause in ms. */
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

test("one key, or two in a row, set off what the list says", () => {
  expect(play("n", "p", "g", "n", "?")).toEqual([
    ...["Next comment", "Previous comment", "Notifications", "Show shortcuts"],
  ]);
});

test("the key that opens a pair can close it, and the next pair begins anew", () => {
  expect(play("g", "g", "g", "h")).toEqual(["Gists", "Home page"]);
});

test("a first key is forgotten after a while, and by a key that does not follow it", () => {
  expect(play("g", 1501, "n")).toEqual(["Next comment"]);
  expect(play("g", "x", "n")).toEqual(["Next comment"]);
});

test("what leads somewhere is listed for those who find something there", () => {
  const titles = (role: Parameters<typeof shortcutsFor>[0]) =>
    shortcutsFor(role).map(({ title }) => title);
  expect(titles(null)).not.toContain("Bookmarks");
  expect(titles("reader")).toContain("Bookmarks");
  expect(titles("reader")).not.toContain("Dashboard");
  expect(titles("admin")).toContain("Dashboard");
});
