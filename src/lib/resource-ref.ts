import { z } from "zod";

/** A page that can be discussed, reacted to and bookmarked: an article or a gist. */
export const resourceRef = z.object({
  resourceType: z.enum(["article", "gist"]),
  resourceId: z.uuid(),
});
export type ResourceRef = z.infer<typeof resourceRef>;

/** The reference as two columns of a table, of which exactly one is set. */
export interface Anchor {
  readonly articleId: string | null;
  readonly gistId: string | null;
}

export function anchorOf({ resourceType, resourceId }: ResourceRef): Anchor {
  return {
    articleId: resourceType === "article" ? resourceId : null,
    gistId: resourceType === "gist" ? resourceId : null,
  };
}

/** The page of a row. A check of the table ensures that it is exactly one. */
export function resourceOf({ articleId, gistId }: Anchor): ResourceRef {
  if (articleId !== null) return { resourceType: "article", resourceId: articleId };
  if (gistId !== null) return { resourceType: "gist", resourceId: gistId };
  throw new Error("A row belongs to an article or a gist; this one has neither.");
}
