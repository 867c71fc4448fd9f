import { count } from "drizzle-orm";
import { assertReadable } from "@/db/assert-readable.ts";
import { openPage } from "@/db/open-page.ts";
import { reactions } from "@/db/schema.ts";
import type { ReadContext } from "@/features/context.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { reactableId } from "./columns.ts";
import { onPage } from "./on-page.ts";
import type { PageReactions, ReactionCounts } from "./schema.ts";

/**
 * How often each kind was given to a page and to some of the comments on it. Nothing in it depends on the viewer
 * but whether they may read the page at all.
 *
 * @param commentIds at most as many as one page of a thread holds
 * @throws {AppError} `invalid_input` for more; `not_found` for a page that does not exist or is not the viewer's to read.
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
