import { common } from "lowlight";
import { contentLength } from "@/features/gists/limits.ts";
import { articleLimits } from "@/lib/article-limits.ts";
import type { TextSource } from "@/lib/rendering/rendered-text.ts";

export interface HostileText {
  readonly name: string;
  readonly source: TextSource;
}

/** Patterns that grammars scan for: long words, numbers, unclosed delimiters, and combinations. */
const codeUnits = {
  "one long word": "a",
  "words and spaces": "a ",
  numbers: "1 ",
  "open brackets": "({[",
  "open strings": "\"'`",
  "open comments": "/*--<!--#",
  "open tags": "<a b=",
  "keywords of many languages": "select from where function class def if ",
  templates: "${`",
  "dots and colons": "a.b::c->",
  "backslashes and line breaks": "\\\n",
  spaces: " ",
} as const;

/** Each unit, repeated, nests, stays open, or makes the parser search again at each position. */
const markdownUnits = {
  emphasis: "*_",
  "emphasis around letters": "*a_ ",
  "nested quotes and lists": "> - ",
  "nested quotes": ">",
  "nested lists": "- ",
  "deep indented lists": "* a\n  ",
  "open links": "[",
  "open images": "![",
  "links in links": "[a](",
  "link ends": "](",
  "open angle brackets": "<",
  "open html": "<a b='",
  "open comments": "<!--",
  "code marks": "`a``",
  strikethrough: "~~a~",
  "table cells": "|a",
  "table rows": "|a|\n|-|\n",
  footnotes: "[^a]",
  "footnote definitions": "[^a]: b\n\n",
  definitions: "[a]: <b>\n",
  "addresses of mail": "a@",
  "addresses of the web": "www.a.",
  schemes: "http://",
  headings: "# a\n",
  underlines: "a\n-\n",
  fences: "```ts\n",
  entities: "&amp",
  escapes: "\\*",
  "hard breaks": "a  \n",
  paragraphs: "a\n\n",
  tasks: "- [ ] a\n",
  pictures: "![a](/api/articles)\n",
} as const;

const fill = (unit: string, length: number) =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** Every grammar with every unit of code, at the maximum length of a gist. */
export function hostileCode(
  languages: readonly string[] = Object.keys(common),
  units: readonly string[] = Object.keys(codeUnits),
): HostileText[] {
  return languages.flatMap((language) =>
    Object.entries(codeUnits)
      .filter(([name]) => units.includes(name))
      .map(([name, unit]) => ({
        name: `${language}: ${name}`,
        source: { kind: "code" as const, language, text: fill(unit, contentLength) },
      })),
  );
}

/** Every construct of Markdown, and code blocks of hostile code, at the maximum length of an article. */
export function hostileMarkdown(): HostileText[] {
  const texts = Object.entries(markdownUnits).map(([name, unit]) => [name, unit] as const);
  const blocks = ["ts", "cpp", "xml"].map(
    (language) =>
      [
        `a block of ${language}`,
        `\`\`\`${language}\n${"a".repeat(articleLimits.body - 20)}`,
      ] as const,
  );
  return [...texts, ...blocks].map(([name, unit]) => ({
    name: `markdown: ${name}`,
    source: { kind: "markdown" as const, text: fill(unit, articleLimits.body) },
  }));
}
