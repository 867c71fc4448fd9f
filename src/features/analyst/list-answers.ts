import { desc, eq, sql } from "drizzle-orm";
import { isoTime, isoTimeOrNull } from "@/db/rows/iso-time.ts";
import { analystAnswers } from "@/db/schema.ts";
import type { ResolveCitations } from "@/lib/analyst/ground-sentence.ts";
import { lostCitations } from "@/lib/analyst/lost-citations.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { listedAnswers } from "./limits.ts";
import type { AnswerPage, AnswersInput } from "./schema.ts";

interface AnswersContext extends ReadContext {
  /** Finds the cited observations that can ground a claim now. */
  readonly resolve: ResolveCitations;
}

/**
 * The viewer's questions to the analyst of a publication. The policy leaves out answers from what they cannot read.
 * The citations of the stored answers are resolved again.
 */
export async function listAnswers(
  { tx, resolve }: AnswersContext,
  { publicationId }: AnswersInput,
): Promise<AnswerPage> {
  const [[freshness], rows] = await Promise.all([
    tx.execute<{ readAt: string; lastIngestAt: string | null }>(sql`
      select ${isoTime(sql`clock_timestamp()`)} as "readAt",
        (select ${isoTimeOrNull(sql`max(ingested_at)`)} from observations
          where publication_id = ${publicationId}) as "lastIngestAt"`),
    tx
      .select({
        id: analystAnswers.id,
        question: analystAnswers.question,
        askedAt: isoTime(analystAnswers.askedAt),
        text: analystAnswers.answer,
        grounded: analystAnswers.grounded,
        citations: analystAnswers.citations,
        at: isoTimeOrNull(analystAnswers.answeredAt),
      })
      .from(analystAnswers)
      .where(eq(analystAnswers.publicationId, publicationId))
      .orderBy(desc(analystAnswers.askedAt), desc(analystAnswers.id))
      .limit(listedAnswers),
  ]);
  const lost = await lostCitations(rows, resolve);
  return {
    readAt: freshness?.readAt ?? "",
    lastIngestAt: freshness?.lastIngestAt ?? null,
    rows: rows.map(({ text, grounded, citations: _, at, ...row }, index) => ({
      ...row,
      answer:
        text === null || at === null
          ? null
          : { text, grounded: grounded === true, lost: lost[index] ?? [], at },
    })),
  };
}
