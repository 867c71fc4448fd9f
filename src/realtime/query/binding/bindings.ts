import type { Query } from "@tanstack/react-query";
import { type Binding, bindingsOf } from "./live.ts";

// biome-ignore lint/suspicious/noExplicitAny: TanStack's own type of a query in the cache
export type AnyQuery = Query<any, any, any, any>;

/** Signal names that a query is bound to on a channel. Undefined: all. */
type Names = readonly string[] | undefined;

interface Bound {
  readonly bindings: readonly Binding[];
  /** Release the channels that an active query keeps open. Empty while the query is inactive. */
  releases: readonly (() => void)[];
}

/**
 * Which queries are bound to which channels. Indexed by channel, so that the cost of a signal does not grow
 * with the number of queries in the cache. A channel is kept open while one of its queries is active.
 */
export interface Bindings {
  /** Updates the bindings of a query from its meta, and whether it is active. */
  update(query: AnyQuery): void;
  remove(query: AnyQuery): void;
  /** Calls back for each query that is bound to the signal. Without a name: to any signal of the channel. */
  eachConcerned(channel: string, name: string | undefined, call: (query: AnyQuery) => void): void;
  eachChannel(query: AnyQuery, call: (channel: string) => void): void;
  active(): readonly AnyQuery[];
  has(query: AnyQuery): boolean;
  /** Removes all queries and releases all channels. */
  close(): void;
}

export interface BindingsOptions {
  /** Keeps a channel open for some of its signals. Returns a function that releases it. */
  retain(binding: Binding): () => void;
  /** Called with the new bindings of a query. */
  bound(query: AnyQuery, bindings: readonly Binding[]): void;
}

export function createBindings({ retain, bound }: BindingsOptions): Bindings {
  /** Bound queries with their signal names, by channel. */
  const byChannel = new Map<string, Map<AnyQuery, Names>>();
  const queries = new Map<AnyQuery, Bound>();

  const setActive = (entry: Bound, isActive: boolean) => {
    if (entry.releases.length > 0 === isActive) return;
    for (const release of entry.releases) release();
    entry.releases = isActive ? entry.bindings.map(retain) : [];
  };

  const bind = (query: AnyQuery, bindings: readonly Binding[]): Bound => {
    for (const { channel, names } of bindings) {
      const namesOf = byChannel.get(channel.name) ?? new Map<AnyQuery, Names>();
      byChannel.set(channel.name, namesOf);
      const known = namesOf.has(query) ? namesOf.get(query) : [];
      namesOf.set(query, known && names && [...known, ...names]);
    }
    const entry = { bindings, releases: [] };
    queries.set(query, entry);
    return entry;
  };

  const remove = (query: AnyQuery) => {
    const entry = queries.get(query);
    if (entry === undefined) return;
    setActive(entry, false);
    queries.delete(query);
    for (const { channel } of entry.bindings) {
      const namesOf = byChannel.get(channel.name);
      namesOf?.delete(query);
      if (namesOf?.size === 0) byChannel.delete(channel.name);
    }
  };

  return {
    update: (query) => {
      const bindings = bindingsOf(query);
      const known = queries.get(query);
      if (known !== undefined && isSame(known.bindings, bindings)) {
        return setActive(known, query.isActive());
      }
      // Retains the old channels until the new ones are bound, so that a channel in both is not left.
      const isBound = bindings.length > 0;
      const hold = known?.releases.length ? known.bindings.map(retain) : [];
      remove(query);
      if (isBound) setActive(bind(query, bindings), query.isActive());
      for (const release of hold) release();
      const added = bindings.filter((binding) => !known?.bindings.some(covers(binding)));
      if (added.length > 0) bound(query, added);
    },
    remove,
    eachConcerned: (channel, name, call) => {
      byChannel.get(channel)?.forEach((names, query) => {
        if (name === undefined || names === undefined || names.includes(name)) call(query);
      });
    },
    eachChannel: (query, call) => {
      for (const { channel } of queries.get(query)?.bindings ?? []) call(channel.name);
    },
    active: () =>
      [...queries].filter(([, { releases }]) => releases.length > 0).map(([query]) => query),
    has: (query) => queries.has(query),
    close: () => {
      for (const query of [...queries.keys()]) remove(query);
    },
  };
}

/** Compares by value, because options written inline make new bindings with every render. */
function isSame(before: readonly Binding[], after: readonly Binding[]): boolean {
  const spell = (bindings: readonly Binding[]) =>
    bindings.map(({ channel, names }) => `${channel.name} ${names?.join() ?? "*"}`).join(";");
  return before === after || spell(before) === spell(after);
}

/** Whether the known binding includes every signal of the wanted one. */
const covers = (wanted: Binding) => (known: Binding) =>
  known.channel.name === wanted.channel.name &&
  (known.names === undefined ||
    wanted.names?.every((name) => known.names?.includes(name)) === true);
