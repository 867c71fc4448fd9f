import { expect, test } from "vitest";
import { toJsonLine, toPrettyLine } from "./log-entry.ts";

const entry = { time: "2026-03-04T05:06:07.890Z", level: "warn", message: "relay" } as const;

test("an entry is one line of JSON, errors with their causes, codes and frames", () => {
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
  "parameters",
  "params",
  "args",
  "body",
  "email",
  "passwordHash",
])('a value named "%s" is in no line, at any depth', (name) => {
  const fields = { request: { headers: [{ [name]: "s3cr3t-value" }] } };
  for (const line of [toJsonLine({ ...entry, ...fields }), toPrettyLine({ ...entry, ...fields })]) {
    expect(line).not.toContain("s3cr3t");
    expect(line).toContain("[secret]");
  }
});

test("a field whose name only resembles a secret's is logged", () => {
  const line = toJsonLine({ ...entry, author: "ada", secretary: "eve", tokens: 3, token: null });
  expect(line).not.toContain("[secret]");
});

test("in a terminal an entry starts with the time of day, and stacks keep their lines", () => {
  const error = new Error("away");
  error.stack = "Error: away\n    at one\n    at two";
  const text = toPrettyLine({ ...entry, retryMs: 20, error });
  expect(text).toMatch(/^05:06:07\.890 warn {2}relay retryMs=20 error=\{/);
  expect(text).toContain("\n    at two");
});

/** As Drizzle throws it: the values stand in its message, its stack and a field. */
function failedQuery(text: string): Error {
  const message = `Failed query: insert into t values ($1)\nparams: ${text}`;
  const cause = Object.assign(new Error(`invalid input syntax for type uuid: "${text}"`), {
    code: "22P02",
    detail: `Failing row contains (${text}).`,
    where: text,
    parameters: [text],
  });
  cause.name = "PostgresError";
  return Object.assign(new Error(message, { cause }), {
    query: "insert into t values ($1)",
    params: [text],
  });
}

test.each(["planted", "planted\n    at planted (planted:1:1)", "planted".repeat(100_000)])(
  "a failed statement is logged without its values, and with its code and SQL",
  (text) => {
    const error = new Error("The verb failed.", { cause: failedQuery(text) });
    for (const line of [toJsonLine({ ...entry, error }), toPrettyLine({ ...entry, error })]) {
      expect(line).not.toContain("planted");
      expect(line).toContain("22P02");
      expect(line).toContain("insert into t values ($1)");
      expect(line).toContain("log-entry.test.ts");
    }
  },
);

test("a parser's message, which quotes its input, is not logged", () => {
  let thrown: unknown;
  try {
    JSON.parse("planted text");
  } catch (error) {
    thrown = error;
  }
  const error = new Error("unreadable", { cause: thrown });
  expect(toJsonLine({ ...entry, error })).not.toContain("planted");
});

test("a line has an end, however much is logged, and an error that is its own cause is no loop", () => {
  const endless = new Error("e".repeat(100_000));
  endless.cause = endless;
  const much = Array.from({ length: 10_000 }, () => "x".repeat(10_000));
  for (const fields of [{ error: endless }, { much }, { ["k".repeat(100_000)]: 1 }]) {
    const line = toJsonLine({ ...entry, ...fields });
    expect(line.length).toBeLessThanOrEqual(16_384);
    expect(JSON.parse(line)).toMatchObject(entry);
    expect(toPrettyLine({ ...entry, ...fields }).length).toBeLessThanOrEqual(16_384);
  }
});
