import type { ResourceRef } from "./schema.ts";

interface Anchor {
  readonly articleId: string | null;
  readonly gistId: string | null;
}

/** The page a comment stands on. The database checks that it is exactly one. */
export function resourceOf({ articleId, gistId }: Anchor): ResourceRef {
  if (articleId !== null) return { resourceType: "article", resourceId: articleId };
  if (gistId !== null) return { resourceType: "gist", resourceId: gistId };
  throw new Error("A comment stands on an article or a gist; this one has neither.");
}

/** The same reference as the two columns of the table. */
export function anchorOf({ resourceType, resourceId }: ResourceRef): Anchor {
  return {
    articleId: resourceType === "article" ? resourceId : null,
    gistId: resourceType === "gist" ? resourceId : null,
  };
}
