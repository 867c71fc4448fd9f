import type { ChannelRef, Contract } from "../../protocol/channel.ts";
import type { Timers } from "../../protocol/clock.ts";
import type { EphemeralRef } from "../../protocol/ephemeral/definition.ts";
import type { ChannelSignals } from "../../protocol/signal.ts";
import { createKeptMessages } from "../ephemeral/kept-messages.ts";
import { callEach, type OnListenerError } from "../listeners.ts";
import type { ChannelListener } from "../realtime-client.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { type BoundedMap, createBoundedMap } from "./bounded.ts";
import type { Channel } from "./channel.ts";
import { createSeen, type Seen } from "./seen.ts";

const releaseMs = 3_000;
const rememberedCursors = 500;

export interface ChannelsOptions {
  readonly kinds: Contract["kinds"];
  readonly timers: Timers;
  readonly rollout: Rollout;
  /** Called when `isOn` of a channel has changed. */
  onSwitch(channel: Channel): void;
  /** Called after subscriptions have changed. */
  onSettle(): void;
  readonly onListenerError: OnListenerError;
}

/** The wanted channels: those with a subscription, or that had one less than 3 s ago. */
export interface Channels {
  /** Announces changes of the rollout. Joined with every connection, wanted or not. */
  readonly control: Channel | undefined;
  /** By channel name. A channel that is subscribed to again continues from its cursor. */
  readonly cursors: BoundedMap<string>;
  /** Signals that were delivered, or are covered by a catch-up. */
  readonly seen: Seen;
  get(name: string): Channel | undefined;
  all(): readonly Channel[];
  /** Whether a wanted channel is switched on. */
  isAnyOn(): boolean;
  /** The channels that a new connection joins. */
  toJoin(): readonly Channel[];
  subscribe(
    source: ChannelRef | EphemeralRef | ChannelSignals,
    listener?: ChannelListener,
  ): () => void;
  /** Computes `isOn` of all channels again after the rollout has changed. */
  update(): void;
  clear(): void;
}

export function createChannels(options: ChannelsOptions): Channels {
  const { kinds, timers, rollout, onSwitch, onSettle, onListenerError } = options;
  const newChannel = (ref: ChannelRef): Channel => {
    const ephemeral = kinds.get(ref.kind)?.ephemeral;
    return {
      name: ref.name,
      ref,
      subscriptions: new Set(),
      isOn: false,
      isDenied: false,
      messages: ephemeral && createKeptMessages(ephemeral, timers.now),
    };
  };
  const control = rollout.control && newChannel(rollout.control);
  const channels = new Map<string, Channel>();
  const cursors = createBoundedMap<string>(rememberedCursors);
  if (control && rollout.cursor) cursors.set(control.name, rollout.cursor);
  const all = () => [...channels.values()];

  const hasWanted = ({ ref, subscriptions }: Channel) =>
    [...subscriptions].some(({ names }) => rollout.isOn(ref, names));

  const update = (channel: Channel) => {
    const isOn = hasWanted(channel);
    if (channel.isOn === isOn) return;
    channel.isOn = isOn;
    channel.isDenied = false;
    onSwitch(channel);
  };

  const release = (channel: Channel) => {
    if (channel.subscriptions.size === 0) channels.delete(channel.name);
    update(channel);
    onSettle();
  };

  return {
    control,
    cursors,
    seen: createSeen(),
    get: (name) => channels.get(name),
    all,
    isAnyOn: () => all().some(({ isOn }) => isOn),
    toJoin: () => {
      const wanted = all().filter(({ isOn, isDenied }) => isOn && !isDenied);
      return [...new Set(control === undefined ? wanted : [control, ...wanted])];
    },
    update: () => channels.forEach(update),
    clear: () => channels.clear(),
    subscribe: (source, listener) => {
      const { channel: ref, names } =
        "names" in source ? source : { channel: source as ChannelRef };
      const known = ref.name === control?.name ? control : channels.get(ref.name);
      const channel = known ?? newChannel(ref);
      const subscription = { listener, names };
      channel.cancelRelease?.();
      channel.subscriptions.add(subscription);
      channels.set(ref.name, channel);
      update(channel);
      onSettle();
      channel.messages?.replay((...message) =>
        callEach([listener], (each) => each?.message?.(...message), onListenerError),
      );
      return () => {
        if (!channel.subscriptions.delete(subscription) || hasWanted(channel)) return;
        if (channels.get(ref.name) !== channel) return;
        channel.cancelRelease?.();
        channel.cancelRelease = timers.after(releaseMs, () => release(channel));
      };
    },
  };
}
