import { expect, test } from "vitest";
import { type CodePart, highlight, languageOf } from "./highlight.ts";

const textOf = (parts: readonly CodePart[]): string =>
  parts.map((part) => (typeof part === "string" ? part : textOf(part.parts))).join("");

test("a file's name says its language, and an unknown ending says nothing", () => {
  expect(["a.ts", "B.PY", "run.sh", "notes.zzz", "LICENSE", ".sql"].map(languageOf)).toEqual([
    "ts",
    "py",
    "sh",
    "text",
    "text",
    "sql",
  ]);
});

test("colouring changes no character, whatever the code holds", () => {
  const source = 'const a = "<script>alert(1)</script>"; // &amp; é\n\tif (a) {}\n';
  const parts = highlight(source, "ts");
  expect(textOf(parts)).toBe(source);
  expect(parts).toContainEqual({ className: "hljs-keyword", parts: ["const"] });
  expect(highlight(source, "text")).toEqual([source]);
});
