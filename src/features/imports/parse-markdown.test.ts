import { expect, test } from "vitest";
import { parseMarkdown } from "./parse-markdown.ts";

test.each([
  [
    "a title and tags of front matter",
    "---\ntitle: One: two\ntags: [sql, 'Web']\nexcerpt: \"In short\"\n---\nText\n",
  ],
  [
    "tags as a list, and unknown fields",
    "---\ntitle: One: two\nlayout: post\ntags:\n  - sql\n  - Web\ndescription: In short\n---\n\nText",
  ],
  [
    "line breaks of Windows and a byte order mark",
    "\uFEFF---\r\ntitle: One: two\r\ntags: sql,Web\r\nsummary: In short\r\n---\r\nText",
  ],
])("a file is read with %s", (_what, text) => {
  expect(parseMarkdown("a.md", text)).toEqual({
    title: "One: two",
    excerpt: "In short",
    tags: ["sql", "Web"],
    body: "Text",
  });
});

test("without a title, the first heading is the title and leaves the text; else the file name is", () => {
  expect(parseMarkdown("a.md", "# Heading #\n\nText\n\n# Other")).toMatchObject({
    title: "Heading",
    body: "Text\n\n# Other",
  });
  for (const name of ["my notes.md", "posts/2026/my notes.md"]) {
    expect(parseMarkdown(name, "Text")).toMatchObject({ title: "my notes", body: "Text" });
  }
  expect(parseMarkdown("a.md", "---\ntitle: Set\n---\n# Heading\n\nText")).toMatchObject({
    title: "Set",
    body: "# Heading\n\nText",
  });
});

test("a rule at the start is no front matter, and an empty field is missing", () => {
  expect(parseMarkdown("a.md", "---\nText")).toMatchObject({ title: "a", body: "---\nText" });
  expect(parseMarkdown("a.md", "---\ntitle:\n---\nText")).toMatchObject({
    title: "a",
    body: "Text",
  });
});

test("a file without text, or with a part that is too long, is refused with the reason", () => {
  expect(parseMarkdown("a.md", " \n")).toEqual({ problem: "The file has no text." });
  expect(parseMarkdown("a.md", "# Only a heading")).toEqual({ problem: "The file has no text." });
  expect(parseMarkdown("a.md", "x".repeat(100_001))).toEqual({
    problem: "The text has 100,001 characters. At most 100,000 are allowed.",
  });
  expect(parseMarkdown("a.md", `# ${"x".repeat(121)}\nText`)).toEqual({
    problem: "The title has 121 characters. At most 120 are allowed.",
  });
});
