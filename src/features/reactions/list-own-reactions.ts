import { and, eq } from "drizzle-orm";
import { openPage } from "@/db/rows/open-page.ts";
import { reactions } from "@/db/schema.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { reactableId } from "./columns.ts";
import { onPage } from "./on-page.ts";
import type { OwnReactions, ReactionKind } from "./schema.ts";

/**
 * The viewer's own reactions to a page and to some of its comments. Empty when signed out.
 *
 * @param commentIds at most as many as one page of a thread contains
 * @throws {AppError} `invalid_input` for more.
 */
export async function listOwnReactions(
  { tx, viewer }: ReadContext,
  page: ResourceRef,
  commentIds: readonly string[],
): Promise<OwnReactions> {
  if (viewer.userId === null) return {};
  const [, rows] = await Promise.all([
    openPage(tx, page),
    tx
      .select({ reactableId, kind: reactions.kind })
      .from(reactions)
      .where(and(eq(reactions.userId, viewer.userId), onPage(page, commentIds))),
  ]);
  const own: Record<string, readonly ReactionKind[]> = {};
  for (const row of rows) {
    own[row.reactableId] = [...(own[row.reactableId] ?? []), row.kind];
  }
  return own;
}
