import { type Contract, contract, type KindOf, type ParamsOfRef } from "../protocol/channel.ts";
import type { Sql } from "./ports.ts";
import type { Viewer } from "./viewer.ts";

/** What a rule decides with. */
export interface RuleContext<V extends Viewer = Viewer, Tx = Sql> {
  readonly viewer: V;
  /** The viewer's own read-only transaction, under row-level security. */
  readonly tx: Tx;
}

/** Whether a viewer may join a channel. To throw is to say "cannot tell now", which never lets anyone in. */
export type Rule<Params, V extends Viewer = Viewer, Tx = Sql> = (
  params: Params,
  context: RuleContext<V, Tx>,
) => boolean | PromiseLike<boolean>;

/** One rule per channel kind: a kind without a rule does not compile. */
export type Rules<Registry, V extends Viewer = Viewer, Tx = Sql> = {
  readonly [Kind in KindOf<Registry>]: Rule<ParamsOfRef<Registry, Kind>, V, Tx>;
};

/** A registry and its rules, as {@link authorize} joined them. */
export interface Authority<V extends Viewer = Viewer, Tx = Sql> {
  readonly contract: Contract;
  readonly ruleOf: (kind: string) => Rule<Readonly<Record<string, string>>, V, Tx> | undefined;
}

/** Says who may join each channel kind. May join = may read: prefer {@link byRls}. */
export function authorize<
  Registry extends { readonly [contract]: Contract },
  V extends Viewer = Viewer,
  Tx = Sql,
>(channels: Registry, rules: Rules<Registry, V, Tx>): Authority<V, Tx> {
  const table = new Map(Object.entries(rules)) as Map<
    string,
    Rule<Readonly<Record<string, string>>, V, Tx>
  >;
  return { contract: channels[contract], ruleOf: (kind) => table.get(kind) };
}

/**
 * The rule of rules: a viewer may join what their own read returns. A row means yes, none means no,
 * and an error is no answer at all.
 */
export function byRls<Params, V extends Viewer = Viewer, Tx = Sql>(
  select: (params: Params, context: RuleContext<V, Tx>) => PromiseLike<readonly unknown[]>,
): Rule<Params, V, Tx> {
  return async (params, context) => (await select(params, context)).length > 0;
}
