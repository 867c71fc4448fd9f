import type { ChannelRef } from "../protocol/channel.ts";
import type { Authority } from "./rules.ts";
import type { Viewer } from "./viewer.ts";

export type Decision = "allowed" | "denied" | "unavailable";

/** Runs `fn` in one read-only transaction as the viewer. */
export type Read<V extends Viewer, Tx> = <Result>(
  viewer: V,
  fn: (tx: Tx) => Promise<Result>,
) => Promise<Result>;

/** What a decision needs to know. */
export interface DecideContext<V extends Viewer, Tx> {
  readonly authority: Authority<V, Tx>;
  readonly read: Read<V, Tx>;
  readonly onError: (error: unknown) => void;
}

/**
 * Decides about channels by name. All rules run in one transaction at once; should one of them fail,
 * it takes the transaction with it, and the others are asked again, each in a transaction of its own.
 */
export async function decide<V extends Viewer, Tx>(
  context: DecideContext<V, Tx>,
  viewer: V,
  names: readonly string[],
): Promise<ReadonlyMap<string, Decision>> {
  const refs = new Map(names.map((name) => [name, parse(context, name)]));
  const known = [...refs.values()].filter((ref) => ref !== undefined);
  let decided = await together(context, viewer, known);
  const open = known.filter(({ name }) => decided.get(name) === "unavailable");
  if (open.length > 0 && known.length > 1) {
    const again = await Promise.all(open.map((ref) => together(context, viewer, [ref])));
    decided = new Map([...decided, ...again.flatMap((each) => [...each])]);
  }
  return new Map(names.map((name) => [name, decided.get(name) ?? "denied"]));
}

/** What is not a channel of the contract is denied like one that must not be seen. */
function parse({ authority }: { authority: Authority<never, never> }, name: string) {
  try {
    return authority.contract.parse(name);
  } catch {
    return undefined;
  }
}

async function together<V extends Viewer, Tx>(
  { authority, read, onError }: DecideContext<V, Tx>,
  viewer: V,
  refs: readonly ChannelRef[],
): Promise<ReadonlyMap<string, Decision>> {
  if (refs.length === 0) return new Map();
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
    return new Map(await read(viewer, (tx) => Promise.all(refs.map((ref) => decideOne(ref, tx)))));
  } catch (error) {
    onError(error);
    return new Map(refs.map(({ name }) => [name, "unavailable"]));
  }
}
