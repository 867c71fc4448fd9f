import { expect, test } from "vitest";
import { languageOf } from "./language-of.ts";

test("a file's ending decides its language, and an unknown ending has none", () => {
  expect(["a.ts", "B.PY", "run.sh", "notes.zzz", "LICENSE", ".sql"].map(languageOf)).toEqual([
    "ts",
    "py",
    "sh",
    "text",
    "text",
    "sql",
  ]);
});
