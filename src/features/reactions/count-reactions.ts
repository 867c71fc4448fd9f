import { count } from "drizzle-orm";
import { assertReadable } from "@/db/rows/assert-readable.ts";
import { openPage } from "@/db/rows/open-page.ts";
import { reactions } from "@/db/schema.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { reactableId } from "./columns.ts";
import { onPage } from "./on-page.ts";
import type { PageReactions, ReactionCounts } from "./schema.ts";

/**
 * Counts of reactions by kind for a page and some of its comments. The result is the same for every viewer who may
 * read the page.
 *
 * @param commentIds at most as many as one page of a thread contains
 * @throws {AppError} `invalid_input` for more ids; `not_found` for a page that does not exist or that the viewer may
 * not read.
 */
export async function countReactions(
  { tx }: ReadContext,
  page: ResourceRef,
  commentIds: readonly string[],
): Promise<PageReactions> {
  const [, , rows] = await Promise.all([
    openPage(tx, page),
    assertReadable(tx, page),
    tx
      .select({ reactableId, kind: reactions.kind, given: count() })
      .from(reactions)
      .where(onPage(page, commentIds))
      .groupBy(reactableId, reactions.kind),
  ]);
  const counts: Record<string, ReactionCounts> = {};
  for (const row of rows) {
    counts[row.reactableId] = { ...counts[row.reactableId], [row.kind]: row.given };
  }
  return counts;
}
