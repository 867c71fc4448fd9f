import type { OwnReactions, PageReactions, SetReactionInput } from "../schema.ts";

/** The counts of a page with one reaction more or less. */
export function withCount(
  all: PageReactions,
  { reactableId, kind, isGiven }: SetReactionInput,
): PageReactions {
  const before = all[reactableId] ?? {};
  const count = (before[kind] ?? 0) + (isGiven ? 1 : -1);
  const { [kind]: _, ...others } = before;
  return { ...all, [reactableId]: count > 0 ? { ...before, [kind]: count } : others };
}

/** What somebody has given, with one reaction more or less. */
export function withOwn(
  all: OwnReactions,
  { reactableId, kind, isGiven }: SetReactionInput,
): OwnReactions {
  const others = (all[reactableId] ?? []).filter((one) => one !== kind);
  return { ...all, [reactableId]: isGiven ? [...others, kind] : others };
}
