import { and, eq, sql } from "drizzle-orm";
import { reactions } from "@/db/schema.ts";
import type { ReadContext } from "@/features/context.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { onPage } from "./on-page.ts";
import type { OwnReactions, ReactionKind } from "./schema.ts";

/** What the viewer has given on a page and its comments; nobody has given nothing. */
export async function listOwnReactions(
  { tx, viewer }: ReadContext,
  page: ResourceRef,
): Promise<OwnReactions> {
  if (viewer.userId === null) return {};
  const rows = await tx
    .select({
      reactableId: sql<string>`coalesce(${reactions.commentId}, ${reactions.articleId}, ${reactions.gistId})`,
      kind: reactions.kind,
    })
    .from(reactions)
    .where(and(eq(reactions.userId, viewer.userId), onPage(tx, page)));
  const own: Record<string, readonly ReactionKind[]> = {};
  for (const { reactableId, kind } of rows) {
    own[reactableId] = [...(own[reactableId] ?? []), kind];
  }
  return own;
}
