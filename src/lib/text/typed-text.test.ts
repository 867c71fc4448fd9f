import fc from "fast-check";
import { expect, test } from "vitest";
import { exactText, typedText } from "./typed-text.ts";

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

test("half of a character becomes U+FFFD, as UTF-8 stores it, and whole ones beside it are kept", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.nat(0xff_ff).map((unit) => String.fromCharCode(unit)) }),
      (text) => {
        fc.pre(!text.includes("\0"));
        expect(typedText().parse(text)).toBe(Buffer.from(text, "utf8").toString("utf8"));
      },
    ),
  );
  expect(typedText().parse("a\ud83d \ud83d\ude00")).toBe("a\ufffd \ud83d\ude00");
});

test("an exact text with half of a character is refused", () => {
  expect(exactText().safeParse("a\ud83d").error?.issues[0]?.message).toContain(
    "half of a character",
  );
  expect(exactText().parse("a \ud83d\ude00")).toBe("a \ud83d\ude00");
});

test("a value that is not a string is refused with the message of the form", () => {
  const { error } = typedText("Choose a handle.").min(2).safeParse(undefined);
  expect(error?.issues[0]?.message).toBe("Choose a handle.");
});
