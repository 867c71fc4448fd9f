import type { OwnReactions, PageReactions, SetReactionInput } from "../schema.ts";

/** The counts of a page after adding or removing one reaction. */
export function withCount(
  all: PageReactions,
  { reactableId, kind, isGiven }: SetReactionInput,
): PageReactions {
  const before = all[reactableId] ?? {};
  const count = (before[kind] ?? 0) + (isGiven ? 1 : -1);
  const { [kind]: _, ...others } = before;
  return { ...all, [reactableId]: count > 0 ? { ...before, [kind]: count } : others };
}

/** The viewer's reactions after adding or removing one. */
export function withOwn(
  all: OwnReactions,
  { reactableId, kind, isGiven }: SetReactionInput,
): OwnReactions {
  const others = (all[reactableId] ?? []).filter((one) => one !== kind);
  return { ...all, [reactableId]: isGiven ? [...others, kind] : others };
}
