import { and, eq } from "drizzle-orm";
import { reactions } from "@/db/schema.ts";
import type { ReadContext } from "@/features/context.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { reactableId } from "./columns.ts";
import { onPage } from "./on-page.ts";
import type { OwnReactions, ReactionKind } from "./schema.ts";

/** The viewer's own reactions on a page and its comments. Empty when signed out. */
export async function listOwnReactions(
  { tx, viewer }: ReadContext,
  page: ResourceRef,
): Promise<OwnReactions> {
  if (viewer.userId === null) return {};
  const rows = await tx
    .select({
      reactableId,
      kind: reactions.kind,
    })
    .from(reactions)
    .where(and(eq(reactions.userId, viewer.userId), onPage(tx, page)));
  const own: Record<string, readonly ReactionKind[]> = {};
  for (const row of rows) {
    own[row.reactableId] = [...(own[row.reactableId] ?? []), row.kind];
  }
  return own;
}
