import type { AnyQuery } from "../binding/bindings.ts";

type Change = (data: unknown) => unknown;

interface Layer {
  readonly change: Change;
  isKept: boolean;
}

/** The data of a query before the first change, and the changes in their order. */
interface Stack {
  readonly base: unknown;
  layers: readonly Layer[];
  /** The data after the changes. If the query has other data, something else has written it. */
  shown: unknown;
}

const stacks = new WeakMap<AnyQuery, Stack>();

/** A change that is shown before the server has confirmed it. */
export interface OptimisticChange {
  /** Removes this change. Earlier and later changes of other mutations stay. */
  undo(): void;
  /** The server has confirmed the change. */
  keep(): void;
}

/**
 * Applies an optimistic change to the data of a query. Data that is written to the query later by something
 * else, e.g. a fetch on focus, is newer: it stays, and `undo` does not change it.
 */
export function showChange(query: AnyQuery, change: Change): OptimisticChange {
  const known = stacks.get(query);
  const isOurs = known !== undefined && known.shown === query.state.data;
  const stack = isOurs ? known : { base: query.state.data, layers: [], shown: undefined };
  const layer: Layer = { change, isKept: false };
  stacks.set(query, stack);

  const set = (data: unknown, layers: readonly Layer[]) => {
    stack.shown = query.setData(data, { manual: true });
    stack.layers = layers;
  };
  const forgetWhenDone = () => {
    if (stack.layers.every(({ isKept }) => isKept) && stacks.get(query) === stack) {
      stacks.delete(query);
    }
  };

  set(change(query.state.data), [...stack.layers, layer]);
  return {
    undo: () => {
      const left = stack.layers.filter((other) => other !== layer);
      const data = left.reduce((shown, next) => next.change(shown), stack.base);
      if (query.state.data === stack.shown) set(data, left);
      else stack.layers = left;
      forgetWhenDone();
    },
    keep: () => {
      layer.isKept = true;
      forgetWhenDone();
    },
  };
}
