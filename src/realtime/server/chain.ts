import { movedEvent } from "../protocol/moved.ts";
import type { Delivery } from "./ports.ts";

/** Tells each frame which one went before it on its channel, so that a reader sees a hole. */
export interface Chain {
  /** Frames in the order they will be sent, all of them committed after `position`. */
  link(frames: readonly Delivery[], position: string): Promise<readonly Delivery[]>;
  /** The frames were sent, and the next ones come after them. */
  sent(frames: readonly Delivery[]): void;
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

/** Under the name of a channel that moved nothing follows. */
const isLinked = ({ signal }: Delivery) => signal.name !== movedEvent;
const lastOf = ({ signal }: Delivery) => signal.last ?? signal.id;
