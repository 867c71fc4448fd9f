import { expect, test } from "vitest";
import { foreignWordsReason } from "./own-words.ts";
import type { EvidenceItem } from "./reasoner.ts";

const item = (statement: string, more: Partial<EvidenceItem> = {}): EvidenceItem => ({
  number: 1,
  statement,
  figures: [],
  sourceName: "Harbour office",
  eventAt: "2026-01-31T08:00:00.000000Z",
  ...more,
});

const ferry = item("The ferry left late because of fog. It did not return until the evening.", {
  figures: [{ name: "Delay", value: "14", unit: "min" }],
});
const plan = item("The council may close the old pier. Only residents use it.");

test.each([
  ["The ferry left late because of fog.", ferry],
  ["It did not return until the evening.", ferry],
  ["The ferry did not return until the evening.", ferry],
  ["The ferry was leaving late.", item("The ferry is leaving late.")],
  ["The ferry didn’t return until evening.", ferry],
  ["On 31 January 2026 the ferry left late.", ferry],
  ["The ferry had a delay of 14 minutes.", ferry],
  ["It was minus 3 degrees.", item("It was -3 degrees.")],
  ["Two ferries carry the mail.", item("Two ferries carried the mail.")],
  ["The council may close the pier.", plan],
  ["Only residents use the pier.", plan],
])("S2.14 %j has the words of its observation", (claim, source) => {
  expect(foreignWordsReason(claim, [source])).toBeNull();
});

test.each([
  ["The ferry sank because of fog.", ferry, '"sank" does not occur'],
  ["The ferry left early because of fog.", ferry, '"early"'],
  ["The ferry did return.", ferry, '"not"'],
  ["It returned in the evening.", ferry, '"not"'],
  ["It did not return.", ferry, '"until"'],
  ["The ferry did return because of fog.", ferry, '"not"'],
  ["The ferry has not left because of fog.", ferry, '"not"'],
  ["The ferry never left late.", ferry, '"never" does not occur'],
  ["The council closed the old pier.", plan, '"may"'],
  ["The council will close the old pier.", plan, '"will" does not occur'],
  ["Residents use it.", plan, '"only"'],
  ["The pier is safe.", plan, '"safe"'],
  ["The ferry sank.", item("It is false that the ferry sank."), '"false"'],
  ["The mayor resigned.", ferry, '"mayor"'],
  ["The Harbour office left late.", ferry, '"harbour"'],
  ["It was there.", ferry, "no word in common"],
  ["The ferry left ≠ late.", ferry, '"≠"'],
  ["El ferry se hundió.", ferry, '"el"'],
  ["フェリーは沈んだ。", ferry, "does not occur"],
])("S2.14 %j misstates its observation", (claim, source, reason) => {
  expect(foreignWordsReason(claim, [source])).toContain(reason);
});

test("words of any cited observation may be used, and those of no other", () => {
  const claim = "The ferry left late, and the council may close the pier.";
  expect(foreignWordsReason(claim, [ferry])).toContain('"council"');
  expect(foreignWordsReason("The council may close the old pier.", [ferry, plan])).toBeNull();
});

test("the order of words is not compared", () => {
  const source = item("The mayor sued the harbour.");
  expect(foreignWordsReason("The harbour sued the mayor.", [source])).toBeNull();
});
