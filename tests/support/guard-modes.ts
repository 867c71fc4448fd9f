/** The two extremes of the guard's setting `SOKETI_ALLOW`. Hostile input is refused in both. */
export const guardModes = [
  { mode: "allows private channels only", allow: [] },
  { mode: "allows all", allow: ["all"] },
] as const;
