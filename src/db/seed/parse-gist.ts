import { parseDays, parseFrontMatter } from "./front-matter.ts";

export interface GistFileSource {
  readonly filename: string;
  readonly language: string;
  readonly content: string;
}

export interface GistSource {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  /** Handle. */
  readonly owner: string;
  readonly visibility: "public" | "private";
  readonly daysAgo: number;
  readonly files: readonly GistFileSource[];
}

/** A line `## name.ext` and the fenced block below it. The closing fence is on its own line. */
const fileBlock = /^## (\S+)\n+```(\S+)\n([\s\S]*?\n)```$/gm;

/** Parses a gist. All its files are in one document, so that no tool treats the code as ours. */
export function parseGist(slug: string, text: string): GistSource {
  const { fields, body } = parseFrontMatter(
    slug,
    text,
    ["title", "description", "owner", "days-ago"],
    ["visibility"],
  );
  const visibility = fields.visibility ?? "public";
  if (visibility !== "public" && visibility !== "private") {
    throw new Error(`${slug}: visibility is "${visibility}". Write public or private.`);
  }
  const files = [...body.matchAll(fileBlock)].map(
    ([, filename = "", language = "", content = ""]) => ({ filename, language, content }),
  );
  if (body.replace(fileBlock, "").trim() !== "" || files.length === 0) {
    throw new Error(`${slug} has text outside of its files. Each is "## name.ext" and one block.`);
  }
  return {
    slug,
    title: fields.title,
    description: fields.description,
    owner: fields.owner,
    visibility,
    daysAgo: parseDays(slug, fields["days-ago"]),
    files,
  };
}
