import { describe, expect, test } from "vitest";
import { channel, contract, defineChannels } from "../channel.ts";
import { fields } from "./fields.ts";
import { decodeMessage } from "./message.ts";

describe("S4.2 an invalid option is refused at start with its name", () => {
  test.each([
    ["bufferSize", 0],
    ["bufferSize", 1_001],
    ["bufferSize", 1.5],
    ["onFull", "drop-all"],
    ["messageTTL", 0],
    ["messageTTL", Number.POSITIVE_INFINITY],
    ["lastN", -1],
    ["lastN", 101],
    ["maxAge", "1 min"],
    ["buffersize", 5],
  ])("%s: %s", (name, value) => {
    expect(() => channel("import.{importId}", { ephemeral: { [name]: value } })).toThrow(
      `invalid option "${name}"`,
    );
  });
});

test("S4.2 every option has a default, and the default is no replay", () => {
  const { ephemeral } = channel("import.{importId}", { ephemeral: {} });
  expect(ephemeral).toEqual({
    bufferSize: 100,
    onFull: "drop-oldest",
    messageTTL: 60_000,
    lastN: 0,
    maxAge: 86_400_000,
  });
});

test.each(["{name}", "*", "", "import.*", "import.>"])(
  'S4.10 the catch-all channel "%s" cannot be declared',
  (pattern) => {
    expect(() => channel(pattern, { ephemeral: {} })).toThrow(/Channel ".*"/);
  },
);

test("S4.10 fields are a few scalars by name", () => {
  expect(() => fields({ Done: "number" })).toThrow('Field "Done"');
  expect(() => fields({ done: "object" as never })).toThrow('Field "done"');
  const many = Object.fromEntries(
    Array.from({ length: 13 }, (_, index) => [`f${index}`, "string"]),
  );
  expect(() => fields(many as never)).toThrow("13 fields, 12 are allowed");
  const kind = channel("import.{importId}", { ephemeral: {} });
  expect(() => kind.message("Progress.Done", {})).toThrow("lower case");
  expect(() => kind.message("a.b", {}).message("a.b", {})).toThrow("declared twice");
});

test("S4.10 a received frame that is malformed, not declared or of another version is ignored", () => {
  const { kinds } = defineChannels({
    import: channel("import.{importId}", { ephemeral: {} }).message(
      "import.progress",
      fields({ done: "number" }),
    ),
  })[contract];
  const frame = { v: 1, id: "p-1", from: "p", n: 1, type: "import.progress", sentAtMs: 0 };
  const decode = (data: unknown) => decodeMessage(kinds, "import", data);
  expect(decode(JSON.stringify({ ...frame, fields: { done: 1 } }))).toBeDefined();
  for (const data of [
    "{",
    null,
    { ...frame, fields: { done: "1" } },
    { ...frame, fields: { done: 1, html: "<b>" } },
    { ...frame, fields: { done: 1 }, type: "import.other" },
    { ...frame, fields: { done: 1 }, v: 2 },
    { ...frame, fields: { done: 1 }, n: "x" },
  ]) {
    expect(decode(data)).toBeUndefined();
  }
});
