import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describePromises } from "../../scripts/promises/describe-promises.ts";
import { promisesIn, readPromises } from "../../scripts/promises/read-promises.ts";
import { isSeedNumber, numbersOf, readTestTitles, titlesIn } from "./test-titles.ts";

const numbers = readPromises().flatMap(({ promises }) => promises.map(({ number }) => number));
const promised = new Set(numbers);
const titles = readTestTitles();

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

test("the first sentence of a promise is found on one line and across lines", () => {
  const text = `
- **K1** One, two (K2) or
  three: all. \`four\` follows.
  Five.
- **K2** Six.

Seven.`;
  expect(promisesIn(text)).toEqual([
    { number: "K1", sentence: "One, two (K2) or three: all." },
    { number: "K2", sentence: "Six." },
  ]);
});

test("numbers of a title are found at its start, with S0 to S4", () => {
  expect(numbersOf("K7 S0.11 S3.22 a frame of K8")).toEqual(["K7", "S0.11", "S3.22"]);
  expect(["S0.1", "S4.12"].every(isSeedNumber)).toBe(true);
  expect(["S5.1", "S3.0", "S3", "K7"].some(isSeedNumber)).toBe(false);
});

test("no two promises have the same number", () => {
  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
});

test("each promise has a test whose title starts with its number", () => {
  const proved = new Set(titles.flatMap(({ title }) => numbersOf(title)));
  expect([...promised].filter((number) => !proved.has(number))).toEqual([]);
});

test("each check that docs/seeds.md names has a test whose title starts with its number, and no test names another one", () => {
  const seeds = readFileSync(join(import.meta.dirname, "..", "..", "docs", "seeds.md"), "utf8");
  const checks = checksIn(seeds);
  expect(checks).toHaveLength(90);
  const proved = new Set(titles.flatMap(({ title }) => numbersOf(title)).filter(isSeedNumber));
  expect(checks.filter((number) => !proved.has(number))).toEqual([]);
  expect([...proved].filter((number) => !checks.includes(number))).toEqual([]);
});

/** The numbers of ranges such as "S1.1 to S1.16". */
function checksIn(text: string): readonly string[] {
  return [...text.matchAll(/\b(S[0-4])\.1\s+to\s+\1\.(\d+)/g)].flatMap(([, system, last]) =>
    Array.from({ length: Number(last) }, (_, index) => `${system}.${index + 1}`),
  );
}

test("each number at the start of a title belongs to a promise or to a check of the five systems", () => {
  const isKnown = (number: string) => promised.has(number) || isSeedNumber(number);
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

test("docs/promises.md is up to date with documents and tests (npm run promises)", () => {
  const path = join(import.meta.dirname, "..", "..", "docs", "promises.md");
  expect(readFileSync(path, "utf8")).toBe(describePromises(titles));
});
