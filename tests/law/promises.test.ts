import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTestTitles, titlesIn } from "./test-titles.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, "..", "..", path), "utf8");

/** Numbers of the promises of protocol and guard (`- **K7** …`) and of the soak's invariants (`| I1 | …`). */
const numbers = [
  ...["docs/protocol.md", "docs/operations.md"].flatMap((path) =>
    [...read(path).matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(([, number]) => number),
  ),
  ...[...read("tests/soak/README.md").matchAll(/^\| (I\d+) /gm)].map(([, number]) => number),
];
const promised = new Set(numbers);
const titles = readTestTitles();
/** All numbers at the start of a title, such as K7 and S3.22 in "K7 S3.22 a frame …". */
const numbersOf = (title: string) =>
  /^((?:[A-Z]\d+(?:\.\d+)?[ :]+)*)/.exec(title)?.[1]?.match(/[A-Z]\d+(?:\.\d+)?/g) ?? [];

test("titles are found for every form of declaration", () => {
  const source = `
    test("K1 one", async () => {});
    test.each([1])(\`K2 two \${x} times\`, () => {});
    describe.concurrent("K3 three", () => { it("K4 four", () => {}); });
    export const all = [scenario("K5 five", run)];
    expect("no title");`;
  expect(titlesIn(source)).toEqual(["K1 one", "K2 two … times", "K3 three", "K4 four", "K5 five"]);
  expect(titles.length).toBeGreaterThan(300);
  expect(promised.size).toBeGreaterThan(40);
});

test("no two promises have the same number", () => {
  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
});

test("each promise has a test whose title starts with its number", () => {
  const proved = new Set(titles.flatMap(({ title }) => numbersOf(title)));
  expect([...promised].filter((number) => !proved.has(number ?? ""))).toEqual([]);
});

test("each number at the start of a title belongs to a promise or has the form S3.11", () => {
  const isKnown = (number: string) => promised.has(number) || /^S[1-9]\.[1-9]\d*$/.test(number);
  const unknown = titles.flatMap(({ file, title }) =>
    numbersOf(title)
      .filter((number) => !isKnown(number))
      .map((number) => `${number} in ${file}`),
  );
  expect(unknown).toEqual([]);
});

test("numbers of promises occur only at the start of a title", () => {
  const late = titles.filter(({ title }) =>
    /[^A-Za-z]([A-HJ-RT-Z]\d+|S\d+\.\d+) /.test(title.slice(numbersOf(title).join(" ").length)),
  );
  expect(late).toEqual([]);
});
