/** The audiences that a channel kind can be restricted to. `src/wiring/realtime/access/rollout.ts` defines their members. */
export const audiences = ["everyone", "authors", "staff"] as const;
export type Audience = (typeof audiences)[number];
