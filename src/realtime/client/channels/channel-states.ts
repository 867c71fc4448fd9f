import type { RealtimeState } from "../connection/state.ts";
import { createListeners, type OnListenerError } from "../listeners.ts";
import type { Channel } from "./channel.ts";
import type { ChannelState, ChannelStatus } from "./channel-state.ts";
import type { Channels } from "./channels.ts";

export interface ChannelStatesOptions {
  readonly channels: Pick<Channels, "get" | "all">;
  connection(): RealtimeState;
  isRelayAlive(): boolean;
  now(): number;
  readonly onListenerError: OnListenerError;
}

/** The states of all wanted channels. A state is the same object until it changes. */
export interface ChannelStates {
  get(channel: string): ChannelState;
  /** Computes all states again and calls the listeners for those that changed. */
  update(): void;
  /** Calls the listeners for all wanted channels. */
  announceAll(): void;
  onChange(listener: (channel: string) => void): () => void;
}

export function createChannelStates(options: ChannelStatesOptions): ChannelStates {
  const { channels } = options;
  const known = new Map<string, ChannelState>();
  const listeners = createListeners<(channel: string) => void>(options.onListenerError);
  const announce = (name: string) => listeners.each((listener) => listener(name));

  const read = (name: string): ChannelState => {
    const previous = known.get(name);
    const server = { connection: options.connection(), isRelayAlive: options.isRelayAlive() };
    const next = channelStatusOf(channels.get(name), server, previous);
    const isSame = previous?.status === next.status && causeOf(previous) === causeOf(next);
    if (isSame) return previous;
    const stopped = previous?.status === "live" ? options.now() : previous?.lastLiveAt;
    return { ...next, lastLiveAt: next.status === "live" ? undefined : stopped };
  };

  return {
    onChange: listeners.add,
    get: (name) => {
      const state = read(name);
      known.set(name, state);
      return state;
    },
    update: () => {
      const names = new Set([...known.keys(), ...channels.all().map(({ name }) => name)]);
      const changed = [...names].filter((name) => {
        const state = read(name);
        const isChanged = known.get(name) !== state;
        if (channels.get(name) === undefined) known.delete(name);
        else known.set(name, state);
        return isChanged;
      });
      for (const name of changed) announce(name);
    },
    announceAll: () => {
      for (const { name } of channels.all()) announce(name);
    },
  };
}

/** State of all that the channels have in common. */
export interface ChannelSurroundings {
  readonly connection: RealtimeState;
  readonly isRelayAlive: boolean;
}

/**
 * Derives the status of a channel. An unavailable channel stays so while it is retried, until it is live,
 * off, denied or offline.
 *
 * @param channel undefined: no subscription wants it
 */
export function channelStatusOf(
  channel: Pick<Channel, "isOn" | "isDenied" | "join"> | undefined,
  { connection, isRelayAlive }: ChannelSurroundings,
  previous: ChannelStatus | undefined,
): ChannelStatus {
  if (connection.status === "offline" && connection.reason !== "off") {
    return { status: "offline", reason: connection.reason };
  }
  if (channel === undefined) return { status: "offline", reason: "idle" };
  const { isOn, isDenied, join } = channel;
  const isOff = join?.state === "off" || join?.isRetriedOff;
  if (!isOn || connection.status === "offline" || isOff) return { status: "off" };
  if (isDenied || join?.state === "denied") return { status: "denied" };
  if (join?.state === "live") {
    return isRelayAlive ? { status: "live" } : { status: "unavailable", cause: "relay" };
  }
  if (join && join.attempts > 0) return { status: "unavailable", cause: "channel" };
  if (join === undefined && connection.status === "degraded") {
    return { status: "unavailable", cause: "connection" };
  }
  return previous?.status === "unavailable" ? previous : { status: "catching-up" };
}

function causeOf(state: object): unknown {
  return "cause" in state ? state.cause : "reason" in state && state.reason;
}
