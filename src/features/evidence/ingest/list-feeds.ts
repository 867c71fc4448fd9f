import { asc, eq } from "drizzle-orm";
import { isoTimeOrNull } from "@/db/rows/iso-time.ts";
import { evidenceFeeds } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Feed, PublicationEvidenceInput } from "../schema.ts";

/** The feeds of a publication. Only members who may record observations see them. */
export async function listFeeds(
  { tx }: ReadContext,
  { publicationId }: PublicationEvidenceInput,
): Promise<readonly Feed[]> {
  return tx
    .select({
      id: evidenceFeeds.id,
      name: evidenceFeeds.name,
      url: evidenceFeeds.url,
      readAt: isoTimeOrNull(evidenceFeeds.readAt),
      error: evidenceFeeds.error,
    })
    .from(evidenceFeeds)
    .where(eq(evidenceFeeds.publicationId, publicationId))
    .orderBy(asc(evidenceFeeds.name), asc(evidenceFeeds.id));
}
