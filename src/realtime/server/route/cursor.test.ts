import fc from "fast-check";
import { expect, test } from "vitest";
import { createCursorCodec } from "./cursor.ts";

const codec = createCursorCodec("a secret of at least 32 characters");
const other = createCursorCodec("another secret of 32 characters, too");
const text = fc.string({ unit: "grapheme", maxLength: 100 });

test("C1 a cursor can be opened only with its secret on its channel", async () => {
  await fc.assert(
    fc.asyncProperty(text, text, text, async (channel, position, elsewhere) => {
      const cursor = await codec.seal(channel, position);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(await codec.open(channel, cursor)).toBe(position);
      expect(await other.open(channel, cursor)).toBeNull();
      if (elsewhere !== channel) expect(await codec.open(elsewhere, cursor)).toBeNull();
    }),
    { numRuns: 100 },
  );
});

test("C1 an altered, truncated, extended or forged cursor opens as null and does not throw", async () => {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.nat(),
      fc.constantFrom(...digits),
      fc.string({ unit: "binary", maxLength: 100 }),
      async (position, at, digit, made) => {
        const cursor = await codec.seal("room.1", position);
        const index = at % cursor.length;
        const altered = cursor.slice(0, index) + digit + cursor.slice(index + 1);
        // In base64url several last characters encode the same bytes: that is not an alteration.
        if (bytesOf(altered) !== bytesOf(cursor)) {
          expect(await codec.open("room.1", altered)).toBeNull();
        }
        for (const forged of [
          cursor.slice(0, index),
          made,
          `${cursor}${made}AAAA`,
          `${cursor} `,
          `.${cursor}`,
          "",
          null,
        ]) {
          expect(await codec.open("room.1", forged)).toBeNull();
        }
      },
    ),
    { numRuns: 30 },
  );
}, 30_000);

const bytesOf = (cursor: string) => Buffer.from(cursor, "base64url").toString("hex");
