"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { type StartImportInput, startImportInput } from "./schema.ts";
import { startImport } from "./start-import.ts";

export async function startImportAction(
  stamp: PageStamp,
  input: StartImportInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = startImportInput.parse(input);
    await writeAsViewer((ctx) => startImport(ctx, parsed));
  });
}
