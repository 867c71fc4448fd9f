"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { markSeen } from "./mark-seen.ts";
import { say } from "./say.ts";
import { type MarkSeenInput, markSeenInput, type SayInput, sayInput } from "./schema.ts";

export async function sayAction(stamp: PageStamp, input: SayInput): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = sayInput.parse(input);
    await writeAsViewer((ctx) => say(ctx, parsed));
  });
}

export async function markSeenAction(
  stamp: PageStamp,
  input: MarkSeenInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = markSeenInput.parse(input);
    await writeAsViewer((ctx) => markSeen(ctx, parsed), origin);
  });
}
