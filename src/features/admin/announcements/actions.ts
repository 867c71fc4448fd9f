"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { announce } from "./announce.ts";
import { type AnnounceInput, announceInput, type WithdrawInput, withdrawInput } from "./schema.ts";
import { withdraw } from "./withdraw.ts";

export async function announceAction(
  stamp: PageStamp,
  input: AnnounceInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = announceInput.parse(input);
    await writeAsViewer((ctx) => announce(ctx, parsed));
  });
}

export async function withdrawAction(
  stamp: PageStamp,
  input: WithdrawInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = withdrawInput.parse(input);
    await writeAsViewer((ctx) => withdraw(ctx, parsed));
  });
}
