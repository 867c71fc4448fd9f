/** Who a kind of channel can be restricted to; `src/wiring/rollout.ts` says who belongs to each. */
export const audiences = ["everyone", "authors", "staff"] as const;
export type Audience = (typeof audiences)[number];
