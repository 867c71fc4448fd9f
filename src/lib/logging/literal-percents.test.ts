import fc from "fast-check";
import { expect, test } from "vitest";
import { withLiteralPercents } from "./literal-percents.ts";

test.each([
  ["/people/%ff", "/people/%25ff"],
  ["/people/%E0%A4?x=%ff", "/people/%25E0%25A4?x=%ff"],
  ["/100%", "/100%25"],
  ["/people/%C3%A9?x=%ff", "/people/%C3%A9?x=%ff"],
  ["/", "/"],
])("the path of %s becomes that of %s", (url, expected) => {
  expect(withLiteralPercents(url)).toBe(expected);
});

test("any path can be decoded afterwards, and one that could be before is left as it is", () => {
  const piece = fc.constantFrom("%", "%f", "%ff", "%41", "%C3%A9", "a", "/", "?", "%25");
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const url = `/${pieces.join("")}`;
      const path = withLiteralPercents(url).split("?")[0] ?? "";
      expect(() => decodeURIComponent(path)).not.toThrow();
      expect(withLiteralPercents(withLiteralPercents(url))).toBe(withLiteralPercents(url));
    }),
  );
});
