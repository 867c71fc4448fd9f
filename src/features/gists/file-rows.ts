import type { gistFiles } from "@/db/schema.ts";
import { languageOf } from "@/lib/language-of.ts";
import type { CreateGistInput } from "./schema.ts";

/** The files of a gist as rows, in the order they were given. */
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
