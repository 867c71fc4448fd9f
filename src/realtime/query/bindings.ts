import type { Query } from "@tanstack/react-query";
import type { ChannelRef } from "../protocol/channel.ts";
import { type Binding, bindingsOf } from "./live.ts";

// biome-ignore lint/suspicious/noExplicitAny: TanStack's own type of a query in the cache
export type AnyQuery = Query<any, any, any, any>;

/** Signal names a query wants of a channel; `undefined` for all. */
type Names = readonly string[] | undefined;

interface Topic {
  readonly names: Map<AnyQuery, Names>;
  active: number;
  release: () => void;
}

interface Bound {
  readonly bindings: readonly Binding[];
  readonly channels: ReadonlyMap<string, ChannelRef>;
  isActive: boolean;
}

/**
 * Which queries hang on which channels. Indexed by channel, so that a signal costs what it concerns,
 * however many queries the cache holds. A channel is kept open while one of its queries is active.
 */
export interface Bindings {
  /** Reads a query's meta and activity anew. */
  update(query: AnyQuery): void;
  remove(query: AnyQuery): void;
  /** Calls for each query a signal concerns; without a name for all of the channel. */
  eachConcerned(channel: string, name: string | undefined, call: (query: AnyQuery) => void): void;
  active(): readonly AnyQuery[];
  /** Lets go of every channel. */
  close(): void;
}

/** `retain` keeps a channel open and hands back what lets go of it. */
export function createBindings(retain: (channel: ChannelRef) => () => void): Bindings {
  const topics = new Map<string, Topic>();
  const queries = new Map<AnyQuery, Bound>();

  const setActive = (bound: Bound, isActive: boolean) => {
    if (bound.isActive === isActive) return;
    bound.isActive = isActive;
    for (const [name, ref] of bound.channels) {
      const topic = topics.get(name);
      if (topic === undefined) continue;
      topic.active += isActive ? 1 : -1;
      if (isActive && topic.active === 1) topic.release = retain(ref);
      else if (topic.active === 0) topic.release();
    }
  };

  const bind = (query: AnyQuery, bindings: readonly Binding[]): Bound => {
    const channels = new Map(bindings.map(({ channel }) => [channel.name, channel]));
    for (const { channel, names } of bindings) {
      const topic = topics.get(channel.name) ?? { names: new Map(), active: 0, release: () => {} };
      topics.set(channel.name, topic);
      const known = topic.names.has(query) ? topic.names.get(query) : [];
      topic.names.set(query, known && names && [...known, ...names]);
    }
    const bound = { bindings, channels, isActive: false };
    queries.set(query, bound);
    return bound;
  };

  const remove = (query: AnyQuery) => {
    const bound = queries.get(query);
    if (bound === undefined) return;
    setActive(bound, false);
    queries.delete(query);
    for (const name of bound.channels.keys()) {
      const topic = topics.get(name);
      topic?.names.delete(query);
      if (topic?.names.size === 0) topics.delete(name);
    }
  };

  return {
    update: (query) => {
      const bindings = bindingsOf(query.meta);
      const known = queries.get(query);
      if (known !== undefined && isSame(known.bindings, bindings)) {
        return setActive(known, query.isActive());
      }
      // Bound anew before it is let go of, so that a channel in both is never left.
      const isBound = bindings.length > 0;
      const hold = known?.isActive ? [...known.channels.values()].map(retain) : [];
      remove(query);
      if (isBound) setActive(bind(query, bindings), query.isActive());
      for (const release of hold) release();
    },
    remove,
    eachConcerned: (channel, name, call) => {
      topics.get(channel)?.names.forEach((names, query) => {
        if (name === undefined || names === undefined || names.includes(name)) call(query);
      });
    },
    active: () => [...queries].filter(([, { isActive }]) => isActive).map(([query]) => query),
    close: () => {
      for (const query of [...queries.keys()]) remove(query);
    },
  };
}

/** Options written inline make new, equal bindings with every render. */
function isSame(before: readonly Binding[], after: readonly Binding[]): boolean {
  const spell = (bindings: readonly Binding[]) =>
    bindings.map(({ channel, names }) => `${channel.name} ${names?.join() ?? "*"}`).join(";");
  return before === after || spell(before) === spell(after);
}
