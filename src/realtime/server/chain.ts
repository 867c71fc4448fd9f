import type { Delivery } from "./ports.ts";

/** Tells each frame which one went before it on its channel, so that a reader sees a hole. */
export interface Chain {
  /**
   * Frames in the order they will be sent, all of what was committed after `position`. Call it once per
   * page: what is linked counts as sent.
   */
  link(frames: readonly Delivery[], position: string): Promise<readonly Delivery[]>;
}

export interface ChainOptions {
  /** The youngest signal on each channel as of a position; channels without one are left out. */
  readonly heads: (
    position: string,
    channels: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
  /** Channels remembered; of others the log is asked again. Default 10,000. */
  readonly capacity?: number;
}

/** Numbering in the transaction would serialise the writers of a hot channel; the relay is one anyway. */
export function createChain({ heads, capacity = 10_000 }: ChainOptions): Chain {
  // A Map keeps the order of insertion, and each use inserts anew: the first channel is the quietest.
  const sent = new Map<string, string>();
  return {
    link: async (frames, position) => {
      const unknown = new Set(frames.map(({ channel }) => channel).filter((it) => !sent.has(it)));
      if (unknown.size > 0) {
        for (const [channel, id] of await heads(position, [...unknown])) sent.set(channel, id);
      }
      const linked = frames.map((frame) => {
        const { channel, signal } = frame;
        const after = sent.get(channel);
        sent.delete(channel);
        sent.set(channel, signal.last ?? signal.id);
        return after === undefined ? frame : { ...frame, signal: { ...signal, after } };
      });
      for (const channel of sent.keys()) {
        if (sent.size <= capacity) break;
        sent.delete(channel);
      }
      return linked;
    },
  };
}
