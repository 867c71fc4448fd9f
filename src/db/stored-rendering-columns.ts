import { renderings } from "./schema.ts";

/** What a page needs of an earlier rendering; null where a left join finds none. */
export const storedRenderingColumns = {
  digest: renderings.digest,
  html: renderings.html,
  reason: renderings.reason,
  attempts: renderings.attempts,
  renderedAt: renderings.renderedAt,
};
