import { expect, test } from "vitest";
import { seal, unseal } from "./sealed.ts";

const place = { secret: "a secret of the server", purpose: "apps", context: "app-1 key-1" };

test("a sealed text opens with the same options, and each sealing differs", () => {
  const [one, other] = [seal("s3cret", place), seal("s3cret", place)];
  expect([unseal(one, place), unseal(other, place)]).toEqual(["s3cret", "s3cret"]);
  expect(one).not.toBe(other);
  expect(Buffer.from(one, "base64url").toString("latin1")).not.toContain("s3cret");
});

test.each([
  ["another secret", { secret: "another secret" }],
  ["another purpose", { purpose: "cursors" }],
  ["another row", { context: "app-2 key-1" }],
])("it is not opened with %s", (_what, other) => {
  expect(unseal(seal("s3cret", place), { ...place, ...other })).toBeNull();
});

test("a text that was altered, truncated or never sealed does not open", () => {
  const bytes = Buffer.from(seal("s3cret", place), "base64url");
  for (let index = 0; index < bytes.length; index += 1) {
    const altered = Buffer.from(bytes);
    altered.writeUInt8(altered.readUInt8(index) ^ 1, index);
    expect(unseal(altered.toString("base64url"), place)).toBeNull();
  }
  for (const text of ["", "s3cret", bytes.subarray(0, 20).toString("base64url")]) {
    expect(unseal(text, place)).toBeNull();
  }
});
