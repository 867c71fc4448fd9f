"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { addReaction } from "./add-reaction.ts";
import { removeReaction } from "./remove-reaction.ts";
import { type SetReactionInput, setReactionInput } from "./schema.ts";

export async function setReactionAction(
  stamp: PageStamp,
  input: SetReactionInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const { isGiven, ...reaction } = setReactionInput.parse(input);
    const action = isGiven ? addReaction : removeReaction;
    await writeAsViewer((ctx) => action(ctx, reaction), origin);
  });
}
