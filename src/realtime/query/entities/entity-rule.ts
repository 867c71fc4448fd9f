import type { AnyQuery } from "../binding/bindings.ts";

/** Puts rows of one entity into the data of a query. Made by `liveEntities`. */
export interface EntityRule {
  readonly name: string;
  /** Returns false when the query has to be fetched instead. */
  upsert(query: AnyQuery, rows: readonly unknown[]): boolean;
  /** Called when a fetch of the query has started. */
  started(query: AnyQuery): void;
  /**
   * Called when a fetch of the query has settled. Puts the rows that arrived during it into the data. Returns false when
   * there is no list to put them into, so that the query has to be fetched again.
   */
  settled(query: AnyQuery): boolean;
  /** Whether rows that arrived during a fetch wait for its end. */
  isKeeping(query: AnyQuery): boolean;
  /** Forgets rows that arrived during a fetch: the data of the query was removed. */
  forget(query: AnyQuery): void;
}

/**
 * Key of the rule on a query's function. Not in its meta, which is dehydrated, and functions cannot be. A registered
 * symbol, since a bundler may make two copies of this module.
 */
export const entityRule: unique symbol = Symbol.for("querycast.entity");

/** The rule of a query that shows entities. Undefined for other queries, and while no component uses the query. */
export function entityRuleOf({ options, observers }: AnyQuery): EntityRule | undefined {
  // The options that were used last, e.g. those of a prefetch, may be without the rule.
  return ruleOf(options) ?? ruleOf(observers.find((each) => ruleOf(each.options))?.options);
}

function ruleOf(options: { readonly queryFn?: unknown } | undefined): EntityRule | undefined {
  return (options?.queryFn as { readonly [entityRule]?: EntityRule } | undefined)?.[entityRule];
}
