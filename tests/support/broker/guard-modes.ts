/** The two extreme values of `SOKETI_ALLOW`. The guard refuses hostile input with both. */
export const guardModes = [
  { mode: "allows private channels only", allow: [] },
  { mode: "allows all", allow: ["all"] },
] as const;
