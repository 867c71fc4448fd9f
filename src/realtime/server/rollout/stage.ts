/** How far a phase or a channel kind is rolled out. Each stage includes the viewers of the one before it. */
export type Stage =
  | { readonly status: "off" }
  | { readonly status: "staff" }
  /** `percent` of all viewers, 0 to 100, and staff. */
  | { readonly status: "percent"; readonly percent: number }
  | { readonly status: "on" };

/**
 * Whether a stage includes a viewer. Deterministic: a viewer stays included while the percentage grows. Each
 * subject selects viewers independently.
 *
 * @param subject what is rolled out, e.g. `phase 3`.
 */
export function includes(
  stage: Stage,
  subject: string,
  viewer: { readonly id: string; readonly isStaff: boolean },
): boolean {
  switch (stage.status) {
    case "off":
      return false;
    case "staff":
      return viewer.isStaff;
    case "percent":
      return viewer.isStaff || placeOf(`${subject} ${viewer.id}`) < stage.percent;
    case "on":
      return true;
  }
}

/** 0 to below 100: FNV-1a with the finaliser of MurmurHash3, which spreads similar ids evenly. */
function placeOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return ((hash >>> 0) / 0x1_0000_0000) * 100;
}
