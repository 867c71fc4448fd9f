"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { asOperator } from "@/wiring/operator.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { type PoisonedInput, poisonedInput } from "./schema.ts";

/** Publishes a failed signal again. */
export async function retryPoisonedAction(
  stamp: PageStamp,
  input: PoisonedInput,
): Promise<ActionResult<void>> {
  return decide(stamp, "retry", input);
}

/** Drops a failed signal. */
export async function dropPoisonedAction(
  stamp: PageStamp,
  input: PoisonedInput,
): Promise<ActionResult<void>> {
  return decide(stamp, "drop", input);
}

async function decide(
  stamp: PageStamp,
  deed: "retry" | "drop",
  input: PoisonedInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const { position } = poisonedInput.parse(input);
    const done = await asOperator(({ poisoned }) => poisoned[deed](position));
    if (!done) throw new AppError("not_found", "This signal was retried or dropped already.");
  });
}
