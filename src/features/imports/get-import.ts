import { asc, desc, eq } from "drizzle-orm";
import { importFiles, imports } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Import, ImportEntry, ImportedFile, ImportInput } from "./schema.ts";

/** The viewer's own import with its result. @throws {AppError} `not_found` */
export async function getImport({ tx }: ReadContext, { importId }: ImportInput): Promise<Import> {
  const [[row], files] = await Promise.all([
    tx.select().from(imports).where(eq(imports.id, importId)),
    tx
      .select({
        id: importFiles.id,
        name: importFiles.name,
        doneAt: importFiles.doneAt,
        articleId: importFiles.articleId,
        title: importFiles.title,
        note: importFiles.note,
      })
      .from(importFiles)
      .where(eq(importFiles.importId, importId))
      .orderBy(asc(importFiles.position)),
  ]);
  if (row === undefined) {
    throw new AppError("not_found", "This import does not exist, or belongs to another author.");
  }
  return {
    id: row.id,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    files: files.map(({ doneAt, ...file }) => ({ ...file, state: stateOf({ doneAt, ...file }) })),
  };
}

function stateOf(
  file: { readonly doneAt: Date | null } & Pick<ImportedFile, "articleId" | "title">,
): ImportedFile["state"] {
  if (file.doneAt === null) return "waiting";
  if (file.articleId !== null) return "draft";
  return file.title === "" ? "failed" : "removed";
}

const mostEntries = 10;

/** The viewer's last imports, newest first. */
export async function listImports({ tx, viewer }: ReadContext): Promise<readonly ImportEntry[]> {
  if (viewer.userId === null) return [];
  const rows = await tx
    .select({
      id: imports.id,
      createdAt: imports.createdAt,
      finishedAt: imports.finishedAt,
      files: tx.$count(importFiles, eq(importFiles.importId, imports.id)),
    })
    .from(imports)
    .orderBy(desc(imports.createdAt))
    .limit(mostEntries);
  return rows.map(({ id, createdAt, finishedAt, files }) => ({
    id,
    files,
    createdAt: createdAt.toISOString(),
    isFinished: finishedAt !== null,
  }));
}
