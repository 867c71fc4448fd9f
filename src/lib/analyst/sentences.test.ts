import fc from "fast-check";
import { expect, test } from "vitest";
import {
  citationsOf,
  citedParts,
  createSentenceSplitter,
  endsWithCitation,
  splitSentences,
} from "./sentences.ts";

test("the distinct citations of a text are returned in its order, and other spellings are none", () => {
  const text = "A [OBS-0002]. B [OBS-0001][OBS-0002]. C [obs-0003] OBS-0004 [OBS-0005, OBS-0006].";
  expect(citationsOf(text)).toEqual(["OBS-0002", "OBS-0001"]);
});

test.each<readonly [string, readonly string[]]>([
  ["One [OBS-0001]. Two [OBS-0002].", ["One [OBS-0001]. ", "Two [OBS-0002]."]],
  ["One. [OBS-0001] Two. [OBS-0002]", ["One. [OBS-0001] ", "Two. [OBS-0002]"]],
  ["One [OBS-0001]. and two.", ["One [OBS-0001]. ", "and two."]],
  ["It was 12.5 m [OBS-0001]. Next.", ["It was 12.5 m [OBS-0001]. ", "Next."]],
  ["As Dr. Haddix said, e.g. twice. Yes!", ["As Dr. Haddix said, e.g. twice. ", "Yes!"]],
  ["A line\n- another\n", ["A line\n", "- another\n"]],
  ["No end", ["No end"]],
  ["Really?! [OBS-0001] \n\nYes", ["Really?! [OBS-0001] \n\n", "Yes"]],
])("%j is divided into %j", (text, sentences) => {
  expect(splitSentences(text)).toEqual(sentences);
});

test("sentences concatenate to the text, however it arrives, and arrive divided alike", () => {
  const piece = fc.constantFrom(
    ...[
      "A",
      " b",
      ". ",
      "!",
      "?",
      "…",
      "\n",
      " ",
      "[OBS-0001]",
      "[OBS",
      "]",
      "12.5",
      "e.g. ",
      "é",
      "”",
    ],
  );
  fc.assert(
    fc.property(fc.array(piece), fc.integer({ min: 1, max: 5 }), (pieces, size) => {
      const text = pieces.join("");
      const splitter = createSentenceSplitter();
      const parts: string[] = [];
      for (let at = 0; at < text.length; at += size) {
        parts.push(...splitter.push(text.slice(at, at + size)));
      }
      parts.push(...splitter.flush());
      expect(parts.join("")).toBe(text);
      expect(parts).toEqual(splitSentences(text));
    }),
    { numRuns: 2_000 },
  );
});

test("each part of a sentence has the citations that follow it", () => {
  expect(citedParts("The ferry left [OBS-0001] [OBS-0002], late [OBS-0003]. And")).toEqual([
    { text: "The ferry left ", refs: ["OBS-0001", "OBS-0002"] },
    { text: ", late ", refs: ["OBS-0003"] },
  ]);
  expect(citedParts("The ferry left.")).toEqual([]);
});

test("S2.2 a sentence is complete before the text ends", () => {
  const splitter = createSentenceSplitter();
  expect(splitter.push("One is here [OBS-0001]. T")).toEqual(["One is here [OBS-0001]. "]);
});

test("what follows the last citation is not covered by it", () => {
  expect(endsWithCitation("It is so [OBS-0001].")).toBe(true);
  expect(endsWithCitation("It is so. [OBS-0001] ")).toBe(true);
  expect(endsWithCitation("[OBS-0001] shows that the mayor resigned.")).toBe(false);
});
