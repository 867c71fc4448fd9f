import { expect, test } from "vitest";
import { correlated, readRequestId } from "./correlated.ts";
import { correlationId, withCorrelation } from "./correlation.ts";

test("outside of requests and jobs there is no id", () => {
  expect(correlationId()).toBeUndefined();
});

test("work keeps its id across everything it awaits, beside other work", async () => {
  const work = (id: string) =>
    withCorrelation(id, async () => {
      await Promise.resolve();
      return correlationId();
    });
  expect(await Promise.all([work("one"), work("two")])).toEqual(["one", "two"]);
});

test("a request gets one id, and what runs inside of it the same", async () => {
  const [outer, inner] = await correlated(async () => [
    correlationId(),
    await correlated(async () => correlationId()),
  ]);
  expect(outer).toMatch(/^[0-9a-f-]{36}$/);
  expect(inner).toBe(outer);
  expect(await correlated(async () => correlationId())).not.toBe(outer);
});

test.each([null, "", "short", "x".repeat(65), 'a"b-12345678', "line\nbreak-123", "é".repeat(10)])(
  "%j from a header is no id",
  (given) => {
    expect(readRequestId(given)).toBeUndefined();
  },
);

test("an id that a proxy has given is kept", () => {
  expect(readRequestId("01JF-abc_123")).toBe("01JF-abc_123");
});
