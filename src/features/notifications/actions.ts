"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { markAllRead } from "./mark-all-read.ts";
import { markRead } from "./mark-read.ts";
import { type MarkReadInput, markReadInput } from "./schema.ts";

export async function markReadAction(
  stamp: PageStamp,
  input: MarkReadInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = markReadInput.parse(input);
    await writeAsViewer((ctx) => markRead(ctx, parsed), origin);
  });
}

export async function markAllReadAction(
  stamp: PageStamp,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, () => writeAsViewer(markAllRead, origin));
}
