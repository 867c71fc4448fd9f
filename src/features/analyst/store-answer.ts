import { and, eq, isNull, sql } from "drizzle-orm";
import { analystAnswers } from "@/db/schema.ts";
import type { CheckedAnswer } from "@/lib/analyst/compose-answer.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { parseObservationRef } from "@/lib/evidence/observation.ts";
import type { WriteContext } from "@/wiring/context-types.ts";

/**
 * Stores a checked answer, once.
 *
 * @param basedOn numbers of all observations that the reasoner has read
 * @throws {AppError} `not_found` when the viewer may no longer read what the answer was made from, or it is stored.
 */
export async function storeAnswer(
  { tx, viewer }: Pick<WriteContext, "tx" | "viewer">,
  answerId: string,
  { text, citations, grounded }: CheckedAnswer,
  basedOn: readonly number[],
): Promise<void> {
  const { count } = await tx
    .update(analystAnswers)
    .set({
      answer: text,
      grounded,
      basedOn: [...basedOn],
      answeredAt: sql`clock_timestamp()`,
      citations: citations.map(parseObservationRef).filter((number) => number !== null),
    })
    .where(
      and(
        eq(analystAnswers.id, answerId),
        eq(analystAnswers.askerId, viewer.userId),
        isNull(analystAnswers.answeredAt),
      ),
    );
  if (count === 0) {
    throw new AppError("not_found", "The question does not exist, or you have no access to it.");
  }
}
