import { renderings } from "../schema.ts";

/** Columns of a stored rendering; null when a left join finds none. */
export const storedRenderingColumns = {
  digest: renderings.digest,
  html: renderings.html,
  reason: renderings.reason,
  attempts: renderings.attempts,
  renderedAt: renderings.renderedAt,
};
