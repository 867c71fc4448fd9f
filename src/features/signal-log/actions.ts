"use server";

import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { AppError } from "@/lib/app-error.ts";
import { asOperator } from "@/wiring/operator.ts";
import { type PoisonedInput, poisonedInput } from "./schema.ts";

/** Publishes a refused signal once more. */
export async function retryPoisonedAction(input: PoisonedInput): Promise<ActionResult<void>> {
  return decide("retry", input);
}

/** Forgets a refused signal. */
export async function dropPoisonedAction(input: PoisonedInput): Promise<ActionResult<void>> {
  return decide("drop", input);
}

async function decide(deed: "retry" | "drop", input: PoisonedInput): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const { position } = poisonedInput.parse(input);
    const done = await asOperator(({ poisoned }) => poisoned[deed](position));
    if (!done) throw new AppError("not_found", "Somebody else has already decided about it.");
  });
}
