import fc from "fast-check";
import { expect, test } from "vitest";
import { typedText } from "./typed-text.ts";

test("a NUL is refused with a sentence that names it, wherever it stands", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const { error } = typedText().trim().safeParse(`${before}\0${after}`);
      expect(error?.issues[0]?.message).toContain("NUL");
    }),
  );
});

test("every other text stays as it is, odd Unicode included", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      fc.pre(!text.includes("\0"));
      expect(typedText().parse(text)).toBe(text);
    }),
  );
});

test("a value that is no string is refused with the form's own words", () => {
  const { error } = typedText("Choose a handle.").min(2).safeParse(undefined);
  expect(error?.issues[0]?.message).toBe("Choose a handle.");
});
