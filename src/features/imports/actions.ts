"use server";

import { assertWriter } from "@/auth/assert-writer.ts";
import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { readAsViewer, writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import {
  type ImportArchiveInput,
  importArchiveInput,
  type StartImportInput,
  startImportInput,
} from "./schema.ts";
import { startImport } from "./start-import.ts";
import { unpackArchive } from "./unpack-archive.ts";

export async function startImportAction(
  stamp: PageStamp,
  input: StartImportInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = startImportInput.parse(input);
    await writeAsViewer((ctx) => startImport(ctx, parsed));
  });
}

export async function importArchiveAction(
  stamp: PageStamp,
  input: ImportArchiveInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const { importId, archive } = importArchiveInput.parse(input);
    await readAsViewer(async ({ viewer }) => assertWriter(viewer));
    // Before the transaction, which holds a connection of the pool.
    const files = await unpackArchive(archive);
    await writeAsViewer((ctx) => startImport(ctx, { importId, files }));
  });
}
