import { articleLimits } from "@/lib/article-limits.ts";

/** A Markdown file as an article. Tags are as the file names them. */
export interface ParsedFile {
  readonly title: string;
  readonly excerpt: string;
  readonly tags: readonly string[];
  readonly body: string;
}

/**
 * Reads a Markdown file with optional front matter: `title`, `tags`, and `excerpt`, `description` or `summary`. Other
 * fields are ignored. Without a title, the first heading is the title, else the file's name.
 *
 * @returns the article, or why the file cannot be one
 */
export function parseMarkdown(
  name: string,
  text: string,
): ParsedFile | { readonly problem: string } {
  const { fields, rest } = splitFrontMatter(text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n"));
  const heading = /^\s*# +([^\n]*)/.exec(rest);
  const isTitled = fields.title !== undefined;
  const title = fields.title ?? textOf(heading?.[1]) ?? baseName(name);
  const body = (isTitled || heading === null ? rest : rest.slice(heading[0].length)).trim();
  const excerpt = fields.excerpt ?? fields.description ?? fields.summary ?? "";
  if (body === "") return { problem: "The file has no text." };
  const tooLong = findTooLong({ title, excerpt, body });
  if (tooLong !== undefined) return { problem: tooLong };
  return { title: title.trim(), excerpt: excerpt.trim(), body, tags: listOf(fields.tags ?? "") };
}

/** A file name without its folders and its ending. */
const baseName = (name: string) => name.slice(name.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");

/** The text of a heading. Beyond the limit of a title it is not searched for its end. */
const textOf = (heading: string | undefined) =>
  heading?.slice(0, 2 * articleLimits.title).replace(/ *#* *$/, "");

const names = { title: "title", excerpt: "summary", body: "text" } as const;

function findTooLong(texts: Readonly<Record<keyof typeof names, string>>): string | undefined {
  for (const part of ["title", "excerpt", "body"] as const) {
    const [length, most] = [texts[part].length, articleLimits[part]];
    if (length > most) {
      return `The ${names[part]} has ${length.toLocaleString("en")} characters. At most ${most.toLocaleString("en")} are allowed.`;
    }
  }
}

type Fields = Readonly<Partial<Record<string, string>>>;

/** The fields between two lines of `---` at the start, and the text after them. */
function splitFrontMatter(text: string): { readonly fields: Fields; readonly rest: string } {
  const end = text.indexOf("\n---", 3);
  const after = text.slice(end + 4);
  if (!text.startsWith("---\n") || end === -1 || !/^\s*(\n|$)/.test(after)) {
    return { fields: {}, rest: text };
  }
  const fields: Record<string, string> = {};
  let last: string | undefined;
  for (const line of text.slice(4, end + 1).split("\n")) {
    const [, key, value = ""] = /^([A-Za-z][\w-]*):(.*)$/.exec(line) ?? [];
    const [, item] = /^ *- +(.+)$/.exec(line) ?? [];
    if (key !== undefined) {
      last = key.toLowerCase();
      fields[last] = unquote(value);
    } else if (item !== undefined && last !== undefined) {
      fields[last] = [fields[last], unquote(item)].filter(Boolean).join(",");
    }
  }
  return { fields: withoutEmpty(fields), rest: after };
}

const withoutEmpty = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));

function unquote(text: string): string {
  const value = text.trim();
  const [, inner = value] = /^(?:"(.*)"|'.*')$/.exec(value) ?? [];
  return value.startsWith("'") && value.endsWith("'") ? value.slice(1, -1) : inner;
}

/** `a, b` or `[a, b]`. */
function listOf(text: string): readonly string[] {
  const items = text
    .replace(/^\[|\]$/g, "")
    .split(",")
    .map(unquote);
  return [...new Set(items.filter((item) => item !== ""))];
}
