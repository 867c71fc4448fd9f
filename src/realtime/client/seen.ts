import type { Signal } from "../protocol/signal.ts";
import { createBoundedMap } from "./bounded.ts";

const rememberedSignals = 1_000;

/** Which signals were told, so that each is told once. */
export interface Seen {
  has(channel: string, id: string): boolean;
  add(channel: string, id: string): void;
  /**
   * True once per signal: catch-up, echo and live delivery overlap on purpose. A union of signals has an
   * id of its own, so what is known by its id is known whole, and the youngest signal in it with it.
   */
  isNew(channel: string, signal: Signal): boolean;
}

export function createSeen(): Seen {
  const known = createBoundedMap<true>(rememberedSignals);
  const has = (channel: string, id: string) => known.get(`${channel} ${id}`) === true;
  const add = (channel: string, id: string) => known.set(`${channel} ${id}`, true);
  return {
    has,
    add,
    isNew: (channel, { id, last = id }) => {
      if (id === "") return true;
      if (has(channel, id)) return false;
      add(channel, id);
      add(channel, last);
      return true;
    },
  };
}
