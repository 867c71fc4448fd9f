import type { Shortcut } from "./list.ts";

/** The first key of a pair. */
export interface HeldKey {
  readonly key: string;
  readonly atMs: number;
}

const patienceMs = 1500;

/** The effect of a key after the one before it: a shortcut, the first key of a pair, or none. */
export function press(
  shortcuts: readonly Shortcut[],
  held: HeldKey | null,
  { key, atMs }: HeldKey,
): { readonly shortcut: Shortcut | null; readonly held: HeldKey | null } {
  const first = held !== null && atMs - held.atMs <= patienceMs ? held.key : null;
  const wanted = first === null ? [key] : [first, key];
  const shortcut = shortcuts.find(({ keys }) => keys.join(" ") === wanted.join(" ")) ?? null;
  const opens = first === null && shortcuts.some(({ keys }) => keys.length > 1 && keys[0] === key);
  return { shortcut, held: opens ? { key, atMs } : null };
}
