import type { ChannelRef, Contract } from "../../protocol/channel.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Viewer } from "../viewer.ts";
import type { Authority } from "./rules.ts";

/** `off`: allowed by the rules or not, the channel is not live for this viewer now. */
export type Decision = "allowed" | "denied" | "off" | "unavailable";

/** Runs `fn` in one read-only transaction as the viewer, under row-level security. */
export type Read<V extends Viewer, Tx> = <Result>(
  viewer: V,
  fn: (tx: Tx) => Promise<Result>,
) => Promise<Result>;

export interface DecideContext<V extends Viewer, Tx> {
  readonly authority: Authority<V, Tx>;
  readonly read: Read<V, Tx>;
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

/** Parses the names that the contract knows. Other names never reach a rule or SQL. */
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

/** Returns the decision for each channel name. Rules do not run for channels that are switched off. */
export async function decide<V extends Viewer, Tx>(
  context: DecideContext<V, Tx>,
  viewer: V,
  refs: readonly ChannelRef[],
): Promise<ReadonlyMap<string, Decision>> {
  const view = await context.rollout?.current();
  const isOn = ({ kind }: ChannelRef) => view?.isLive(viewer, kind) ?? true;
  const off = refs.filter((ref) => !isOn(ref)).map(({ name }) => [name, "off"] as const);
  const decisions = await decideByRules(context, viewer, refs.filter(isOn));
  return new Map([...off, ...(await restricted(context, viewer, refs, decisions))]);
}

async function restricted<V extends Viewer, Tx>(
  { restrict, onError }: DecideContext<V, Tx>,
  viewer: V,
  refs: readonly ChannelRef[],
  decisions: ReadonlyMap<string, Decision>,
): Promise<ReadonlyMap<string, Decision>> {
  const allowed = refs.filter(({ name }) => decisions.get(name) === "allowed");
  if (restrict === undefined || allowed.length === 0) return decisions;
  const instead = (names: Iterable<string>, decision: Decision) =>
    new Map([...decisions, ...[...names].map((name) => [name, decision] as const)]);
  try {
    return instead(await restrict(viewer, allowed), "off");
  } catch (error) {
    onError(error);
    return instead(
      allowed.map(({ name }) => name),
      "unavailable",
    );
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
): Promise<ReadonlyMap<string, Decision>> {
  const decisions = new Map<string, Decision>(refs.map(({ name }) => [name, "unavailable"]));
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
  decisions: Map<string, Decision>,
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
