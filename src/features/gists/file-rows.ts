import type { gistFiles } from "@/db/schema.ts";
import { languageOf } from "@/lib/text/language-of.ts";
import type { CreateGistInput } from "./schema.ts";

/** Rows for the files of a gist, in the given order. */
export function fileRows({
  gistId,
  files,
}: Pick<CreateGistInput, "gistId" | "files">): (typeof gistFiles.$inferInsert)[] {
  return files.map(({ filename, content }, position) => ({
    gistId,
    filename,
    content,
    position,
    language: languageOf(filename),
  }));
}
