"use server";

import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { addReaction } from "./add-reaction.ts";
import { removeReaction } from "./remove-reaction.ts";
import { type SetReactionInput, setReactionInput } from "./schema.ts";

export async function setReactionAction(
  input: SetReactionInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const { isGiven, ...reaction } = setReactionInput.parse(input);
    const verb = isGiven ? addReaction : removeReaction;
    await writeAsViewer((ctx) => verb(ctx, reaction), origin);
  });
}
