import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { numbersOf, readTestTitles } from "./test-titles.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** The rows of "Ways a channel can fail to deliver", by the columns of its head. */
function readRows(): readonly Readonly<Record<string, string>>[] {
  const [, section = ""] = read("docs/protocol.md").split("### Ways a channel can fail to deliver");
  const [table = ""] = section.split("\nProved in");
  const [head = [], , ...rows] = table
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ""])));
}

const rows = readRows();

test("each way a channel can fail names a test whose title starts with its numbers", () => {
  const titles = readTestTitles();
  expect(rows.length).toBeGreaterThan(20);
  const wrong = rows.filter(({ "shown by": shownBy = "" }) => {
    const [, numbers = "", file] = /^((?:[A-Z]\d+ )+)`([^`]+)`$/.exec(shownBy) ?? [];
    return numbers
      .trim()
      .split(" ")
      .some(
        (number) =>
          file === undefined ||
          !titles.some(
            (each) => each.file.endsWith(`/${file}`) && numbersOf(each.title).includes(number),
          ),
      );
  });
  expect(wrong.map(({ cause, "shown by": shownBy }) => `${cause}: ${shownBy}`)).toEqual([]);
});

test("what a page says then are names and sentences of its indicator", () => {
  const source = read("src/features/connection/components/describe-state.ts").toLowerCase();
  const wrong = rows
    .map(({ "the page says": says = "" }) => says)
    .filter((says) => !says.startsWith("the same"))
    .flatMap((says) => says.replace(/;.*/, "").split(/: |, then /))
    .filter((part) => !source.includes(part.replace(/ …$/, "").toLowerCase()));
  expect(wrong).toEqual([]);
});
