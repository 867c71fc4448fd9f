import { readFileSync } from "node:fs";
import { join } from "node:path";

/** An entry of Drizzle's journal of migrations. */
export interface JournalEntry {
  readonly idx: number;
  readonly version: string;
  /** Milliseconds since 1970. Drizzle applies migrations that are younger than the last one in the database. */
  readonly when: number;
  readonly tag: string;
  readonly breakpoints: boolean;
}

export interface Journal {
  readonly version: string;
  readonly dialect: string;
  readonly entries: readonly JournalEntry[];
}

/** Reads the migrations of the site. */
export function openMigrationsFolder(root = process.cwd()) {
  const folder = join(root, "src", "db", "migrations");
  const journalPath = join(folder, "meta", "_journal.json");
  const journal = JSON.parse(readFileSync(journalPath, "utf8")) as Journal;
  const pathOf = ({ tag }: Pick<JournalEntry, "tag">) => join(folder, `${tag}.sql`);
  /** The migration that has the triggers now. */
  const lastCaptures = journal.entries.findLast(({ tag }) => tag.endsWith("_captures"));
  return { journal, journalPath, pathOf, lastCaptures };
}
