import { isEpochChanged } from "../../protocol/epoch-changed.ts";
import type { Delivery } from "../ports.ts";

/** Adds to each frame the id of the previous signal on its channel, so that a client can detect a gap. */
export interface PredecessorLinks {
  /** @param frames in the order they will be sent, all committed after `position`. */
  link(frames: readonly Delivery[], position: string): Promise<readonly Delivery[]>;
  /** Records that the frames were sent: they become the predecessors of the next ones. */
  sent(frames: readonly Delivery[]): void;
}

export interface PredecessorLinksOptions {
  /** Reads the id of the newest signal on each channel at a position; channels without one are left out. */
  readonly heads: (
    position: string,
    channels: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
  /** Number of channels kept in memory; for others `heads` is called again. Default 10,000. */
  readonly capacity?: number;
}

/**
 * The relay links frames because there is only one relay. Numbering signals in the writer's transaction would
 * serialise the writers of a busy channel.
 */
export function createPredecessorLinks({
  heads,
  capacity = 10_000,
}: PredecessorLinksOptions): PredecessorLinks {
  // A Map keeps insertion order and each use inserts again, so the first channel is the least recently used.
  const known = new Map<string, string>();
  return {
    link: async (frames, position) => {
      const linked = frames.filter(isLinked);
      const unknown = new Set(linked.map(({ channel }) => channel).filter((it) => !known.has(it)));
      const last = new Map(unknown.size > 0 ? await heads(position, [...unknown]) : []);
      return frames.map((frame) => {
        if (!isLinked(frame)) return frame;
        const { channel, signal } = frame;
        const after = last.get(channel) ?? known.get(channel);
        last.set(channel, lastOf(frame));
        return after === undefined ? frame : { ...frame, signal: { ...signal, after } };
      });
    },
    sent: (frames) => {
      for (const frame of frames.filter(isLinked)) {
        known.delete(frame.channel);
        known.set(frame.channel, lastOf(frame));
      }
      for (const channel of known.keys()) {
        if (known.size <= capacity) break;
        known.delete(channel);
      }
    },
  };
}

/** A notice that the epoch changed is not linked: nothing follows it under the old wire name. */
const isLinked = ({ signal }: Delivery) => !isEpochChanged(signal);
const lastOf = ({ signal }: Delivery) => signal.last ?? signal.id;
