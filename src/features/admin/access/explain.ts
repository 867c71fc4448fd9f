import { findPerson } from "@/db/rows/find-person.ts";
import { idsIn } from "@/lib/text/names.ts";
import type { OperatorContext, ReadContext } from "@/wiring/context-types.ts";
import type { Explained, ExplainInput } from "./schema.ts";

/** The id of the person in the question. @throws {AppError} `not_found` */
export function findAsked({ tx }: ReadContext, { person }: ExplainInput): Promise<string> {
  return findPerson(tx, person);
}

/** Whether a person may receive the signals of a channel now, and why. */
export async function explain(
  { explainAccess, names }: OperatorContext,
  userId: string,
  { channel }: ExplainInput,
): Promise<Explained> {
  const explanation = await explainAccess({ userId, channel });
  return { ...explanation, channel, names: await names(idsIn(channel)) };
}
