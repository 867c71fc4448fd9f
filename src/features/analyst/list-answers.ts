import { desc, eq, sql } from "drizzle-orm";
import { analystAnswers } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { listedAnswers } from "./limits.ts";
import type { AnswerPage, AnswersInput } from "./schema.ts";

/** The viewer's questions to the analyst of a publication. The policy leaves out answers from what they cannot read. */
export async function listAnswers(
  { tx }: ReadContext,
  { publicationId }: AnswersInput,
): Promise<AnswerPage> {
  const [[freshness], rows] = await Promise.all([
    tx.execute<{ readAt: string; lastIngestAt: string | null }>(sql`
      select to_json(clock_timestamp())#>>'{}' as "readAt",
        (select to_json(max(ingested_at))#>>'{}' from observations
          where publication_id = ${publicationId}) as "lastIngestAt"`),
    tx
      .select({
        id: analystAnswers.id,
        question: analystAnswers.question,
        askedAt: sql<string>`to_json(${analystAnswers.askedAt})#>>'{}'`,
        text: analystAnswers.answer,
        grounded: analystAnswers.grounded,
        at: sql<string | null>`to_json(${analystAnswers.answeredAt})#>>'{}'`,
      })
      .from(analystAnswers)
      .where(eq(analystAnswers.publicationId, publicationId))
      .orderBy(desc(analystAnswers.askedAt), desc(analystAnswers.id))
      .limit(listedAnswers),
  ]);
  return {
    readAt: freshness?.readAt ?? "",
    lastIngestAt: freshness?.lastIngestAt ?? null,
    rows: rows.map(({ text, grounded, at, ...row }) => ({
      ...row,
      answer: text === null || at === null ? null : { text, grounded: grounded === true, at },
    })),
  };
}
