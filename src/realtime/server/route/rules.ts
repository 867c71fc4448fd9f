import { type Contract, contract, type KindOf, type ParamsOfRef } from "../../protocol/channel.ts";
import type { Sql } from "../ports.ts";
import type { Viewer } from "../viewer.ts";

/** The second argument of a {@link Rule}. */
export interface RuleContext<V extends Viewer = Viewer, Tx = Sql> {
  readonly viewer: V;
  /** The viewer's own read-only transaction, under row-level security. */
  readonly tx: Tx;
}

/** Whether a viewer may join a channel. When it throws, the channel is `unavailable` and the client retries. */
export type Rule<Params, V extends Viewer = Viewer, Tx = Sql> = (
  params: Params,
  context: RuleContext<V, Tx>,
) => boolean | PromiseLike<boolean>;

/** One rule per channel kind. A kind without a rule is a type error. */
export type Rules<Registry, V extends Viewer = Viewer, Tx = Sql> = {
  readonly [Kind in KindOf<Registry>]: Rule<ParamsOfRef<Registry, Kind>, V, Tx>;
};

/** Channels and their rules: the result of {@link authorize}. */
export interface Authority<V extends Viewer = Viewer, Tx = Sql> {
  readonly contract: Contract;
  readonly ruleOf: (kind: string) => Rule<Readonly<Record<string, string>>, V, Tx> | undefined;
}

/**
 * Combines channels with one rule per kind. A viewer who may join may read the data behind the channel, so prefer
 * {@link byRls}.
 *
 * ```ts
 * const authority = authorize(channels, {
 *   page: byRls(({ pageId }, { tx }) => tx`select 1 from pages where id = ${pageId}`),
 *   user: ({ userId }, { viewer }) => userId === viewer.id,
 * });
 * ```
 */
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
 * Creates a rule from a query under row-level security. It allows the viewer when `select` returns a row and denies
 * otherwise. An error of the query makes the channel `unavailable`.
 */
export function byRls<Params, V extends Viewer = Viewer, Tx = Sql>(
  select: (params: Params, context: RuleContext<V, Tx>) => PromiseLike<readonly unknown[]>,
): Rule<Params, V, Tx> {
  return async (params, context) => (await select(params, context)).length > 0;
}
