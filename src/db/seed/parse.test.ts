import { describe, expect, test } from "vitest";
import { parseFrontMatter } from "./front-matter.ts";
import { parseGist } from "./parse-gist.ts";
import { parseThread } from "./parse-thread.ts";
import { stableChance, stableId } from "./stable.ts";

describe("fields", () => {
  const parse = (text: string) => parseFrontMatter("x.md", text, ["title"], ["draft"]);

  test("keep colons and quotes of a value as they are", () => {
    const { fields, body } = parse('---\ntitle: One: the "record"\n---\n\nText\n---\nmore\n');
    expect(fields).toEqual({ title: 'One: the "record"' });
    expect(body).toBe("Text\n---\nmore");
  });

  test.each([
    ["no fields at all", "Text", 'x.md does not begin with fields between two lines of "---".'],
    ["a misspelt field", "---\ntitel: A\n---\n", 'x.md: nobody reads a field "titel".'],
    ["a missing field", "---\ndraft: true\n---\n", 'x.md has no field "title". Add it.'],
    ["an empty field", "---\ntitle:\n---\n", 'x.md: "title:" is not a field.'],
  ])("refuse %s, naming file and field", (_, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});

describe("a thread", () => {
  test("gives each comment its place, its parent and the time since then", () => {
    const comments = parseThread(
      "t",
      "# @a after 2h\none\n## @b after 5m, edited\ntwo\n### @a after 1d\nthree\n## @c after 1m\nfour\n# @d after 3m\nfive",
    );
    expect(comments.map(({ path, parentPath, author }) => [path, parentPath, author])).toEqual([
      ["1", null, "a"],
      ["1.1", "1", "b"],
      ["1.1.1", "1.1", "a"],
      ["1.2", "1", "c"],
      ["2", null, "d"],
    ]);
    expect(comments[1]).toMatchObject({ afterMs: 300_000, edited: true, body: "two" });
  });

  test("leaves headings and comments of a shell in the words of a comment", () => {
    const [comment] = parseThread("t", "# @a after 2h\n```bash\n# not a comment\n```");
    expect(comment?.body).toBe("```bash\n# not a comment\n```");
  });

  test("refuses an answer to nothing and a comment without words", () => {
    expect(() => parseThread("t", "# @a after 2h\nx\n### @b after 1h\ny")).toThrow(
      't: "### @b after 1h" answers nothing.',
    );
    expect(() => parseThread("t", "# @a after 2h\n\n# @b after 1h\ny")).toThrow(
      "t: comment 1 has no words.",
    );
  });
});

test("a gist keeps its files in order, byte by byte, and refuses stray text", () => {
  const head = "---\ntitle: T\ndescription: D\nowner: a\ndays-ago: 1\n---\n";
  const files = "## b.sh\n\n```bash\n# x\n\ny\n```\n\n## a.json\n```json\n{}\n```\n";
  expect(parseGist("g", head + files)).toMatchObject({
    visibility: "public",
    files: [
      { filename: "b.sh", language: "bash", content: "# x\n\ny\n" },
      { filename: "a.json", language: "json", content: "{}\n" },
    ],
  });
  expect(() => parseGist("g", `${head}Hello\n${files}`)).toThrow(
    "g has text outside of its files.",
  );
});

test("a name has one id and one chance; the id is a UUID of version 5", () => {
  expect(stableId("user:pim")).toBe(stableId("user:pim"));
  expect(stableId("user:pim")).not.toBe(stableId("user:lou"));
  expect(stableId("user:pim")).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(stableChance("a")).toBe(stableChance("a"));
  expect(stableChance("a")).toBeLessThan(1);
});
