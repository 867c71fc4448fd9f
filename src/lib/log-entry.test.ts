import { expect, test } from "vitest";
import { toJsonLine, toPrettyLine } from "./log-entry.ts";

const entry = { time: "2026-03-04T05:06:07.890Z", level: "warn", message: "relay" } as const;

test("an entry is one line of JSON, errors whole, with their causes and codes", () => {
  const cause = Object.assign(new Error("refused\nby the host"), { code: "ECONNREFUSED" });
  const line = toJsonLine({ ...entry, correlation: "r-1", error: new Error("away", { cause }) });
  expect(line).not.toContain("\n");
  expect(JSON.parse(line)).toMatchObject({
    ...entry,
    correlation: "r-1",
    error: { name: "Error", message: "away", cause: { code: "ECONNREFUSED" } },
  });
});

test.each([
  "auth",
  "authorization",
  "Cookie",
  "set-cookie",
  "password",
  "signature",
  "sessionToken",
  "clientSecret",
  "bodySignature",
])('what is named "%s" is told in no line, however deep', (name) => {
  const fields = { request: { headers: [{ [name]: "s3cr3t-value" }] } };
  for (const line of [toJsonLine({ ...entry, ...fields }), toPrettyLine({ ...entry, ...fields })]) {
    expect(line).not.toContain("s3cr3t");
    expect(line).toContain("[secret]");
  }
});

test("what only sounds like a secret is told", () => {
  const line = toJsonLine({ ...entry, author: "ada", secretary: "eve", tokens: 3, token: null });
  expect(line).not.toContain("[secret]");
});

test("for eyes an entry begins with the time of day, and stacks keep their lines", () => {
  const error = new Error("away");
  error.stack = "Error: away\n    at one\n    at two";
  const text = toPrettyLine({ ...entry, retryMs: 20, error });
  expect(text).toMatch(/^05:06:07\.890 warn {2}relay retryMs=20 error=\{/);
  expect(text).toContain("\n    at two");
});
