import type { ChannelRef, Contract } from "../../protocol/channel.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Viewer } from "../viewer.ts";
import type { Authority } from "./rules.ts";

/** `off`: allowed by the rules or not, the channel is not live for this viewer now. */
export type Decision = "allowed" | "denied" | "off" | "unavailable";
/** What the rule of a channel kind answered; `unavailable` when it failed. */
type Ruled = Exclude<Decision, "off">;

/** A decision with the steps that led to it, in their order. A step that was not reached is undefined. */
export interface Decided {
  readonly decision: Decision;
  /** Whether the rollout has switched the kind on for the viewer. */
  readonly isOn: boolean;
  readonly rule: Ruled | undefined;
  /** Whether `restrict` withholds the channel; `unavailable` when it failed. */
  readonly withheld: boolean | "unavailable" | undefined;
}

/** Runs `fn` in one read-only transaction as the viewer, under row-level security. */
export type Read<V extends Viewer, Tx> = <Result>(
  viewer: V,
  fn: (tx: Tx) => Promise<Result>,
) => Promise<Result>;

/** What decides about access to channels. */
export interface DecideContext<V extends Viewer, Tx> {
  readonly authority: Authority<V, Tx>;
  readonly read: Read<V, Tx>;
  /** Errors of rules and of `restrict`, whose channels are `unavailable`. */
  readonly onError: (error: unknown) => void;
  readonly rollout?: Rollout<V>;
  readonly restrict?: Restrict<V>;
}

/**
 * Returns the names of the channels to withhold from a viewer although the rules allow them, e.g. for bans. It
 * cannot grant access. Their status is then `off`. When it throws, the status of all channels is `unavailable`.
 *
 * @param channels the channels that the rules allow.
 */
export type Restrict<V extends Viewer> = (
  viewer: V,
  channels: readonly ChannelRef[],
) => Promise<ReadonlySet<string>>;

/** Parses the names that the contract knows. Other names are `invalid`, and never reach a rule or SQL. */
export function knownChannels(
  { contract }: { readonly contract: Contract },
  names: readonly string[],
): readonly ChannelRef[] {
  return names.flatMap((name) => {
    try {
      return [contract.parse(name)];
    } catch {
      return [];
    }
  });
}

/**
 * Decides about each channel, by name: the rollout, then the rule of its kind, then `restrict`. The first of them that
 * does not allow a channel decides, and the later ones do not run for it.
 *
 * @throws when the rollout cannot be read.
 */
export async function decide<V extends Viewer, Tx>(
  context: DecideContext<V, Tx>,
  viewer: V,
  refs: readonly ChannelRef[],
): Promise<ReadonlyMap<string, Decided>> {
  const view = await context.rollout?.current();
  const on = refs.filter(({ kind }) => view?.isLive(viewer, kind) ?? true);
  const rules = await decideByRules(context, viewer, on);
  const allowed = on.filter(({ name }) => rules.get(name) === "allowed");
  const withheld = await withheldOf(context, viewer, allowed);
  return new Map(refs.map(({ name }) => [name, toDecided(rules.get(name), withheld(name))]));
}

/** @param rule undefined when the kind is off */
function toDecided(rule: Decided["rule"], withheld: Decided["withheld"]): Decided {
  if (rule === undefined) return { decision: "off", isOn: false, rule, withheld: undefined };
  if (rule !== "allowed") return { decision: rule, isOn: true, rule, withheld: undefined };
  const allowed = withheld ? "off" : "allowed";
  return {
    decision: withheld === "unavailable" ? withheld : allowed,
    isOn: true,
    rule,
    withheld,
  };
}

/** Returns whether `restrict` withholds a channel, for those that the rules allow. */
async function withheldOf<V extends Viewer, Tx>(
  { restrict, onError }: DecideContext<V, Tx>,
  viewer: V,
  allowed: readonly ChannelRef[],
): Promise<(name: string) => boolean | "unavailable"> {
  if (restrict === undefined || allowed.length === 0) return () => false;
  try {
    const names = await restrict(viewer, allowed);
    return (name) => names.has(name);
  } catch (error) {
    onError(error);
    return () => "unavailable";
  }
}

/**
 * Runs all rules concurrently in one transaction. A rule that fails aborts the transaction; the undecided rules
 * then run again, each in a separate transaction. Stops when the database opens no transaction.
 */
async function decideByRules<V extends Viewer, Tx>(
  context: DecideContext<V, Tx>,
  viewer: V,
  refs: readonly ChannelRef[],
): Promise<ReadonlyMap<string, Ruled>> {
  const decisions = new Map<string, Ruled>(refs.map(({ name }) => [name, "unavailable"]));
  if (refs.length === 0) return decisions;
  let opened = await decideTogether(context, viewer, refs, decisions);
  if (refs.length === 1) return decisions;
  for (const ref of refs) {
    if (!opened) break;
    if (decisions.get(ref.name) !== "unavailable") continue;
    opened = await decideTogether(context, viewer, [ref], decisions);
  }
  return decisions;
}

/** Adds its decisions to `decisions`. @returns whether the viewer's transaction could be opened */
async function decideTogether<V extends Viewer, Tx>(
  { authority, read, onError }: DecideContext<V, Tx>,
  viewer: V,
  refs: readonly ChannelRef[],
  decisions: Map<string, Ruled>,
): Promise<boolean> {
  let opened = false;
  const decideOne = async ({ kind, name, params }: ChannelRef, tx: Tx) => {
    try {
      const allowed = (await authority.ruleOf(kind)?.(params, { viewer, tx })) === true;
      return [name, allowed ? "allowed" : "denied"] as const;
    } catch (error) {
      onError(error);
      return [name, "unavailable"] as const;
    }
  };
  try {
    const decided = await read(viewer, (tx) => {
      opened = true;
      return Promise.all(refs.map((ref) => decideOne(ref, tx)));
    });
    // Recorded after the commit: reads of a transaction that failed do not count.
    for (const [name, decision] of decided) decisions.set(name, decision);
  } catch (error) {
    onError(error);
  }
  return opened;
}
