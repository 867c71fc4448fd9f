import type { ChannelRef, Contract } from "./channel.ts";

/** What is switched on for one viewer: plain data, safe to send with a page. */
export interface LiveFor {
  /** Channel kinds. */
  readonly kinds: readonly string[];
  readonly phases: readonly number[];
}

/**
 * Whether some of a channel's signals reach this viewer: the kind is on, and the phase of at least one of
 * them is. Without names: of any signal the channel declares.
 */
export function isLiveFor(
  { kinds }: Contract,
  on: LiveFor,
  { kind }: Pick<ChannelRef, "kind">,
  names: readonly string[] | undefined,
): boolean {
  const definition = kinds.get(kind);
  if (definition === undefined || !on.kinds.includes(kind)) return false;
  const isPhaseOn = (name: string) => on.phases.includes(definition.phaseOf(name));
  const asked = names ?? [...definition.signals.keys()];
  return asked.length === 0 ? on.phases.includes(definition.phase) : asked.some(isPhaseOn);
}

/** Whether something is on now that was not before. */
export function hasGrown(before: LiveFor, after: LiveFor): boolean {
  return (
    after.kinds.some((kind) => !before.kinds.includes(kind)) ||
    after.phases.some((phase) => !before.phases.includes(phase))
  );
}
