import { count } from "drizzle-orm";
import { assertReadable } from "@/db/assert-readable.ts";
import { reactions } from "@/db/schema.ts";
import type { ReadContext } from "@/features/context.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { reactableId } from "./columns.ts";
import { onPage } from "./on-page.ts";
import type { PageReactions, ReactionCounts } from "./schema.ts";

/**
 * Counts of reactions by kind for a page and each of its comments. The result is the same for every viewer
 * who may read the page.
 *
 * @throws {AppError} `not_found` for a page that does not exist or that the viewer may not read.
 */
export async function countReactions(
  { tx }: ReadContext,
  page: ResourceRef,
): Promise<PageReactions> {
  const [, rows] = await Promise.all([
    assertReadable(tx, page),
    tx
      .select({ reactableId, kind: reactions.kind, given: count() })
      .from(reactions)
      .where(onPage(tx, page))
      .groupBy(reactableId, reactions.kind),
  ]);
  const counts: Record<string, ReactionCounts> = {};
  for (const row of rows) {
    counts[row.reactableId] = { ...counts[row.reactableId], [row.kind]: row.given };
  }
  return counts;
}
