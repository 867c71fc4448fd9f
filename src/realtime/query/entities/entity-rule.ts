import type { AnyQuery } from "../binding/bindings.ts";
import { boundOptions } from "../binding/live.ts";

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
export function entityRuleOf(query: AnyQuery): EntityRule | undefined {
  const queryFn = boundOptions(query)?.queryFn;
  return (queryFn as { readonly [entityRule]?: EntityRule } | undefined)?.[entityRule];
}
