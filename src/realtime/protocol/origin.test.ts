import { expect, test } from "vitest";
import { isIdSpelling } from "./ids.ts";
import { createOrigin, originOf, publishedOrigin } from "./origin.ts";

test("an origin is an id, differs on each call, and is published as another id", async () => {
  const origins = Array.from({ length: 100 }, createOrigin);
  expect(new Set(origins).size).toBe(100);
  const published = await Promise.all(origins.map(publishedOrigin));
  expect([...origins, ...published].every(isIdSpelling)).toBe(true);
  expect(new Set([...origins, ...published]).size).toBe(200);
});

test("browser and server derive the same published origin", async () => {
  const origin = createOrigin();
  expect(await originOf(origin)).toBe(await publishedOrigin(origin));
});

test.each([undefined, null, "", "two words", "a".repeat(65), "a.b", 7, {}, ["a"]])(
  "an invalid origin becomes undefined and does not throw: %j",
  async (sent) => {
    expect(await originOf(sent)).toBeUndefined();
  },
);
