import { eq } from "drizzle-orm";
import { users } from "@/db/schema.ts";
import type { HearingExplanation, OperatorContext, ReadContext } from "@/features/context.ts";
import { AppError } from "@/lib/app-error.ts";
import type { ExplainInput } from "./schema.ts";

/** Finds a person by handle. @throws {AppError} `not_found` */
export async function findPerson({ tx }: ReadContext, handle: string): Promise<string> {
  const [row] = await tx.select({ id: users.id }).from(users).where(eq(users.handle, handle));
  if (row === undefined) throw new AppError("not_found", `There is nobody called @${handle}.`);
  return row.id;
}

/** Whether a person may hear a channel now, and what that rests on. */
export function explain(
  { explainHearing }: OperatorContext,
  userId: string,
  { channel }: ExplainInput,
): Promise<HearingExplanation> {
  return explainHearing({ userId, channel });
}
