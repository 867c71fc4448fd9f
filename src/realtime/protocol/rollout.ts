import type { ChannelRef, Contract } from "./channel.ts";

/** Channel kinds and rollout phases that are on for one viewer. Plain data that can be sent with a page. */
export interface LiveFor {
  readonly kinds: readonly string[];
  readonly phases: readonly number[];
}

/**
 * Whether the kind and the phase of at least one of the named signals are on. Without names: of any signal
 * that the channel declares.
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

/** Whether a kind or phase is on in `after` that is off in `before`. */
export function hasGrown(before: LiveFor, after: LiveFor): boolean {
  return (
    after.kinds.some((kind) => !before.kinds.includes(kind)) ||
    after.phases.some((phase) => !before.phases.includes(phase))
  );
}
