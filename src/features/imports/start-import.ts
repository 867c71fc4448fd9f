import { assertWriter } from "@/auth/assert-writer.ts";
import { importFiles, imports } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { ImportFileInput } from "./schema.ts";

interface StartImport {
  readonly importId: string;
  readonly files: readonly ImportFileInput[];
}

/**
 * Stores the files and requests the job that makes drafts of them. The same id again changes nothing.
 *
 * @throws {AppError} `forbidden` for viewers who are not authors.
 */
export async function startImport(
  { tx, viewer, requestImport }: WriteContext,
  { importId, files }: StartImport,
): Promise<void> {
  assertWriter(viewer);
  const [created] = await tx
    .insert(imports)
    .values({ id: importId, ownerId: viewer.userId })
    .onConflictDoNothing()
    .returning({ id: imports.id });
  if (created === undefined) return;
  await tx
    .insert(importFiles)
    .values(files.map((file, position) => ({ ...file, importId, position })));
  await requestImport(importId);
}
