import { and, asc, eq, isNull } from "drizzle-orm";
import { importFiles, imports } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { JobContext, WriteContext } from "@/wiring/context-types.ts";

/** Id of the person who started an import. @throws {AppError} `not_found` */
export async function findImport({ tx }: JobContext, importId: string): Promise<string> {
  const [row] = await tx
    .select({ ownerId: imports.ownerId })
    .from(imports)
    .where(eq(imports.id, importId));
  if (row === undefined) throw new AppError("not_found", "This import no longer exists.");
  return row.ownerId;
}

/** Ids of the files that are not done, in their order. */
export async function listOpenFiles(
  { tx }: WriteContext,
  importId: string,
): Promise<readonly string[]> {
  const rows = await tx
    .select({ id: importFiles.id })
    .from(importFiles)
    .where(and(eq(importFiles.importId, importId), isNull(importFiles.doneAt)))
    .orderBy(asc(importFiles.position));
  return rows.map(({ id }) => id);
}
