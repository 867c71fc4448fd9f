import type { Signal } from "../../protocol/signal.ts";
import { createBoundedMap } from "./bounded.ts";

const rememberedSignals = 1_000;

/** Deduplicates signals by channel and id. Remembers about the last 1,000. */
export interface Seen {
  has(channel: string, id: string): boolean;
  add(channel: string, id: string): void;
  /**
   * True once per signal: catch-up, tail repeats and live delivery overlap on purpose. A merged signal has
   * its own id; when it is added, its youngest part is added as well.
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
