import { asc, desc, eq, sql } from "drizzle-orm";
import { isoTime } from "@/db/rows/iso-time.ts";
import { submissions, submittedArticles } from "@/db/schema.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { personColumn } from "./columns.ts";
import type { DeskInput, SubmissionEntry } from "./schema.ts";

/** The submissions of a publication that the viewer may read, last changed first. */
export async function listSubmissions(
  { tx }: ReadContext,
  { publicationId }: DeskInput,
): Promise<readonly SubmissionEntry[]> {
  return tx
    .select({
      id: submissions.id,
      title: submittedArticles.title,
      state: submissions.state,
      updatedAt: isoTime(submissions.updatedAt),
      author: sql<SubmissionEntry["author"]>`${personColumn(submissions.authorId)}`,
    })
    .from(submissions)
    .innerJoin(submittedArticles, eq(submittedArticles.submissionId, submissions.id))
    .where(eq(submissions.publicationId, publicationId))
    .orderBy(desc(submissions.updatedAt), asc(submissions.id))
    .limit(listedAtMost);
}
