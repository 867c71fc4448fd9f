import { channel } from "querycast";
import { oneOf, params, uuid } from "./params.ts";

const ofUser = params({ userId: uuid });

/**
 * The channel kinds of the site. Features declare the signals on them, one row each, in the `live.ts`
 * beside their queries. `src/wiring/inventory.ts` collects the rows. The phase of a kind is that of its
 * first row.
 */
export const kinds = {
  /** Signals for one person, on all tabs and devices. */
  user: channel("user.{userId}", { phase: 1, params: ofUser }),
  /** Signals for all readers of one page. */
  resource: channel("resource.{resourceType}.{resourceId}", {
    phase: 2,
    params: params({ resourceType: oneOf("article", "gist"), resourceId: uuid }),
  }),
  /** The public profile of a person. */
  profile: channel("profile.{userId}", { phase: 4, params: ofUser }),
  tag: channel("tag.{tagId}", { phase: 4, params: params({ tagId: uuid }) }),
  /** Signals for every page of every signed-in viewer. The rollout does not apply to it. */
  site: channel("site", { phase: 1 }),
};

export type Kind = keyof typeof kinds;
