import fc from "fast-check";
import { expect, test } from "vitest";
import { ungroundedReason } from "@/lib/analyst/ground-sentence.ts";
import type { EvidenceItem } from "@/lib/analyst/reasoner.ts";
import { hasWords, splitSentences } from "@/lib/analyst/sentences.ts";
import { quote } from "./extractive-reasoner.ts";

const itemOf = (statement: string, figures: EvidenceItem["figures"] = []): EvidenceItem => ({
  number: 7,
  statement,
  figures,
  sourceName: "Log",
  eventAt: "2026-01-31T08:00:00.000000Z",
});

test.each<readonly [string, readonly string[]]>([
  [
    "It left 14 minutes late. Nobody knew why!",
    ["It left 14 minutes late [OBS-0007].", "Nobody knew why [OBS-0007]!"],
  ],
  ["No period", ["No period [OBS-0007]."]],
  ["See [OBS-0003].", ["See (OBS-0003) [OBS-0007]."]],
  ["One line\nand another.", ["One line and another [OBS-0007]."]],
])("the statement %j is quoted as %j", (statement, sentences) => {
  expect(quote(itemOf(statement))).toEqual(sentences);
});

test("figures that the statement does not have are quoted too", () => {
  const figures = [
    { name: "Delay", value: "14", unit: "min" },
    { name: "Crew", value: "6", unit: "" },
  ];
  expect(quote(itemOf("It left 14 minutes late.", figures))).toEqual([
    "It left 14 minutes late [OBS-0007].",
    "Crew: 6 [OBS-0007].",
  ]);
});

test.each(["4", "1", "08", "2.5", "500", "3"])(
  "the figure %s is quoted when the statement has its digits in another number only",
  (value) => {
    const statement = "It left 14 minutes late, at 08:00, with 12.5 t, 1,500 crates and -3 °C.";
    expect(quote(itemOf(statement, [{ name: "Share", value, unit: "%" }]))).toContain(
      `Share: ${value} % [OBS-0007].`,
    );
  },
);

test("S2.14 the quotation of any observation is grounded in it", async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        "The ferry ",
        "left ",
        "not ",
        "never ",
        "if ",
        "It’s ",
        "can’t ",
        "14 ",
        "minutes ",
        "12.5% ",
        "1,200 ",
        "half ",
        "two ",
        "€ 3 ",
      ],
      ...["3 May 2025 ", "in 2026 ", "Dr. ", "e.g. ", ". ", "! ", "? ", "… ", "\n", " [OBS-0003] "],
      ...["[OBS-12", "]", "½ ", "Ⅻ ", "٣ ", "-7 ", "08:00 ", "“quoted.” ", "(so.) "],
    ),
    fc.string({ maxLength: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      const item = itemOf(pieces.join(""), [{ name: "Share", value: "0.5", unit: "%" }]);
      const text = quote(item)
        .map((sentence) => `${sentence} `)
        .join("");
      for (const sentence of splitSentences(text)) {
        const reason = await ungroundedReason(sentence, async () => new Map([[7, item]]));
        expect([sentence, reason]).toEqual([sentence, null]);
      }
      expect(hasWords(text)).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});
