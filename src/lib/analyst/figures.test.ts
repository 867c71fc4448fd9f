import { expect, test } from "vitest";
import { isFigureWord, unitOf } from "./figure-tokens.ts";
import { unfoundedFigures } from "./figures.ts";

const ferry = {
  texts: [
    "In the first week 1,266 crossings were scheduled on 3 May 2025; two sank.",
    "Two hundred and fifty passengers and 40 cars left twenty-five minutes late.",
    "A dozen seals were seen in 2019.",
    "Delay: 14 min",
    "Share: 12.5 %",
    "Cost: 3.2 million €",
    "Boats: 90",
    "It was minus 3 degrees, and minus twenty knots of current were read; the level was -7 m.",
  ],
  eventAt: "2026-01-31T08:00:00.000000Z",
};
const unfounded = (claim: string) => unfoundedFigures(claim, [ferry]);

test.each([
  "1,266 crossings were scheduled",
  "1266 crossings",
  "1 266 crossings",
  "1\u202f266 crossings",
  "１２６６ crossings",
  "١٢٦٦ crossings",
  "1.266 thousand crossings",
  "a delay of 14 minutes",
  "a delay of fourteen minutes",
  "2 sank",
  "Two sank",
  "12.50% of them",
  "12.5 percent of them",
  "on 31 January 2026",
  "on January 31st, 2026",
  "on 2026-01-31",
  "in January 2026",
  "on 3 May 2025",
  "it cost € 3.2 million",
  "it cost 3,200,000 euros",
  "it may be late",
  "250 passengers",
  "two hundred fifty passengers",
  "40 of the cars",
  "25 minutes late",
  "twelve seals",
  "since 2019",
  "90 boats",
  "the boats were ninety",
  "scheduled crossings were 1,266",
  "-3 degrees",
  "minus 3 degrees",
  "minus three degrees",
  "a level of minus 7 metres",
])("S2.14 %j is founded", (claim) => {
  expect(unfounded(claim)).toEqual([]);
});

test.each([
  ["1,267 crossings", "1,267"],
  ["266 crossings", "266"],
  ["about 1,300 crossings", "1,300"],
  ["1.27 thousand crossings", "1.27 thousand"],
  ["a delay of 15 minutes", "15"],
  ["a delay of -14 minutes", "-14"],
  ["a delay of minus 14 minutes", "14"],
  ["3 degrees", "3"],
  ["three degrees", "three"],
  ["twenty knots", "twenty"],
  ["a delay of 14 hours", "14"],
  ["a delay of fifteen minutes", "fifteen"],
  ["14% of them", "14"],
  ["12.5 of them", "12.5"],
  ["12% of them", "12"],
  ["3.2 billion €", "3.2 billion"],
  ["$ 3.2 million", "3.2 million"],
  ["a million crossings", "million"],
  ["a thousand of them", "thousand"],
  ["two hundred thousand passengers", "two hundred thousand"],
  ["two hundred passengers", "two hundred"],
  ["two passengers", "two"],
  ["one hundred passengers", "one hundred"],
  ["twenty minutes late", "twenty"],
  ["five minutes late", "five"],
  ["a delay of 14", "14"],
  ["14 crossings", "14"],
  ["1,266 minutes", "1,266"],
  ["40 passengers", "40"],
  ["250 cars", "250"],
  ["$250", "250"],
  ["¥ 40", "40"],
  ["2019 seals", "2019"],
  ["90 seals", "90"],
  ["half of them", "half"],
  ["it doubled", "doubled"],
  ["dozens sank", "dozens"],
  ["on 1 February 2026", "1 February 2026"],
  ["on 31 January 2025", "31 January 2025"],
  ["31 boats in January 2026", "31"],
  ["in 2026", "2026"],
  ["Ⅻ boats", "Ⅻ"],
  ["½ of them", "1"],
])("S2.14 %j is not founded", (claim, first) => {
  expect(unfounded(claim)).toContain(first);
});

test("a figure has to occur in a cited observation, and any of several will do", () => {
  const other = { texts: ["It rained on 7 days."], eventAt: "2026-02-01T00:00:00.000000Z" };
  expect(unfoundedFigures("7 days and 14 minutes", [ferry, other])).toEqual([]);
  expect(unfoundedFigures("7 days and 14 minutes", [other])).toEqual(["14"]);
  expect(unfoundedFigures("7", [])).toEqual(["7"]);
});

test.each(["constructor", "toString", "valueOf", "__proto__"])(
  "the word %s, a name that every object has, is no figure and no unit",
  (word) => {
    expect(unfounded(`the ${word} sank`)).toEqual([]);
    expect(unfoundedFigures(`2 ${word}`, [{ ...ferry, texts: [`2 ${word} sank.`] }])).toEqual([]);
    expect([isFigureWord(word), unitOf(word)]).toEqual([false, null]);
  },
);
