import fc from "fast-check";
import { expect, test } from "vitest";
import { typedText } from "./typed-text.ts";

test("a NUL at any position is refused with a message that names it", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const { error } = typedText().trim().safeParse(`${before}\0${after}`);
      expect(error?.issues[0]?.message).toContain("NUL");
    }),
  );
});

test("every other text is kept, including unusual Unicode", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      fc.pre(!text.includes("\0"));
      expect(typedText().parse(text)).toBe(text);
    }),
  );
});

test("a value that is not a string is refused with the message of the form", () => {
  const { error } = typedText("Choose a handle.").min(2).safeParse(undefined);
  expect(error?.issues[0]?.message).toBe("Choose a handle.");
});
