import { channel } from "querycast";
import { oneOf, params, uuid } from "./params.ts";

const ofUser = params({ userId: uuid });

/**
 * The kinds of channels of the site. What travels on them is declared by the features, a row each
 * (`live.ts` beside their queries); `src/wiring/inventory.ts` puts it together. A kind's phase is that of
 * the first row on it.
 */
export const kinds = {
  /** What concerns one person: every tab and device of theirs. */
  user: channel("user.{userId}", { phase: 1, params: ofUser }),
  /** What readers of one page see together. */
  resource: channel("resource.{resourceType}.{resourceId}", {
    phase: 2,
    params: params({ resourceType: oneOf("article", "gist"), resourceId: uuid }),
  }),
  /** A person as others see them. */
  profile: channel("profile.{userId}", { phase: 4, params: ofUser }),
  tag: channel("tag.{tagId}", { phase: 4, params: params({ tagId: uuid }) }),
  /** What concerns every page of whoever is signed in. No rollout switches it. */
  site: channel("site", { phase: 1 }),
};

export type Kind = keyof typeof kinds;
