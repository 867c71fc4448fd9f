import { expect, test } from "vitest";
import { lostCitations } from "./lost-citations.ts";
import type { EvidenceItem } from "./reasoner.ts";

test("citations of grounded answers alone are resolved, all of them at once", async () => {
  const asked: (readonly number[])[] = [];
  const resolve = async (numbers: readonly number[]) => {
    asked.push(numbers);
    return new Map<number, EvidenceItem>(numbers.includes(2) ? [[2, {} as EvidenceItem]] : []);
  };
  const lost = await lostCitations(
    [
      { grounded: true, citations: [1, 2] },
      { grounded: false, citations: [3] },
      { grounded: null, citations: [] },
      { grounded: true, citations: [2] },
    ],
    resolve,
  );
  expect(lost).toEqual([["OBS-0001"], [], [], []]);
  expect(asked).toEqual([[1, 2]]);
});
