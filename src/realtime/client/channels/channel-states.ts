import { type ChannelFacts, type ChannelState, channelStatusOf } from "./channel-state.ts";

export interface ChannelStatesOptions {
  /** Names of the channels that subscriptions want. */
  channels(): Iterable<string>;
  factsOf(channel: string): ChannelFacts;
  now(): number;
  onChange(channel: string): void;
}

/** The states of all wanted channels. A state is the same object until it changes. */
export interface ChannelStates {
  get(channel: string): ChannelState;
  /** Computes all states again and calls `onChange` for those that changed. */
  update(): void;
}

export function createChannelStates(options: ChannelStatesOptions): ChannelStates {
  const known = new Map<string, ChannelState>();

  const read = (channel: string): ChannelState => {
    const previous = known.get(channel);
    const next = channelStatusOf(options.factsOf(channel), previous);
    const isSame = previous?.status === next.status && causeOf(previous) === causeOf(next);
    if (isSame) return previous;
    const stopped = previous?.status === "live" ? options.now() : previous?.lastLiveAt;
    return { ...next, lastLiveAt: next.status === "live" ? undefined : stopped };
  };

  return {
    get: (channel) => {
      const state = read(channel);
      known.set(channel, state);
      return state;
    },
    update: () => {
      const wanted = new Set(options.channels());
      const changed = [...new Set([...known.keys(), ...wanted])].filter((channel) => {
        const state = read(channel);
        const isChanged = known.get(channel) !== state;
        if (wanted.has(channel)) known.set(channel, state);
        else known.delete(channel);
        return isChanged;
      });
      for (const channel of changed) options.onChange(channel);
    },
  };
}

function causeOf(state: object): unknown {
  return "cause" in state ? state.cause : "reason" in state && state.reason;
}
