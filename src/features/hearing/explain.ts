import type { OperatorContext } from "@/features/context.ts";
import { idsIn } from "@/lib/names.ts";
import type { Explained, ExplainInput } from "./schema.ts";

/** Whether a person may receive the signals of a channel now, and what decides it. */
export async function explain(
  { explainHearing, names }: OperatorContext,
  userId: string,
  { channel }: ExplainInput,
): Promise<Explained> {
  const explanation = await explainHearing({ userId, channel });
  return { ...explanation, channel, names: await names(idsIn(channel)) };
}
