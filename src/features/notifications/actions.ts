"use server";

import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { markAllRead } from "./mark-all-read.ts";
import { markRead } from "./mark-read.ts";
import { type MarkReadInput, markReadInput } from "./schema.ts";

export async function markReadAction(
  input: MarkReadInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = markReadInput.parse(input);
    await writeAsViewer((ctx) => markRead(ctx, parsed), origin);
  });
}

export async function markAllReadAction(origin?: string): Promise<ActionResult<void>> {
  return toActionResult(() => writeAsViewer(markAllRead, origin));
}
