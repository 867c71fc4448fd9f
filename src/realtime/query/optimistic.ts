import type { AnyQuery } from "./bindings.ts";

type Change = (data: unknown) => unknown;

interface Layer {
  readonly change: Change;
  isKept: boolean;
}

/** What a query showed before the first change, and the changes on top of it, in their order. */
interface Stack {
  readonly base: unknown;
  layers: readonly Layer[];
  /** What the changes made of it. Whatever else the query shows was put there by somebody else. */
  shown: unknown;
}

const stacks = new WeakMap<AnyQuery, Stack>();

/** A change that is shown before the server has confirmed it. */
export interface OptimisticChange {
  /** Takes it back, and nothing else: changes of other mutations, before and after it, stay. */
  undo(): void;
  /** The server has confirmed it. */
  keep(): void;
}

/**
 * Changes what a query shows. Data that somebody else puts there meanwhile, e.g. a fetch on focus, is
 * the better truth: it is shown as it is, and there is nothing left to undo in it.
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
