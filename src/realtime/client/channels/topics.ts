import type { ChannelRef } from "../../protocol/channel.ts";
import type { Timers } from "../../protocol/clock.ts";
import type { ChannelSignals } from "../../protocol/signal.ts";
import type { ChannelListener } from "../realtime-client.ts";

const releaseMs = 3_000;

export interface Subscription {
  readonly listener: ChannelListener | undefined;
  /** Wanted signals. Undefined: all. */
  readonly names: readonly string[] | undefined;
}

/** A channel with subscriptions, or that had one less than 3 s ago. */
export interface Topic {
  readonly ref: ChannelRef;
  /** One entry per subscription; the same listener may subscribe twice. */
  readonly subscriptions: Set<Subscription>;
  /** Whether a wanted signal is switched on. */
  isLive: boolean;
  cancelRelease: (() => void) | undefined;
  isDenied: boolean;
  /** The cursor when the denied channel was last joined again. If it differs now, the channel was live since. */
  askedAt?: string | undefined;
  spreadMs?: number | undefined;
  cursorAtMs?: number;
}

export interface TopicsOptions {
  readonly timers: Timers;
  /** Whether one of these signals is switched on. */
  isOn(ref: ChannelRef, names: readonly string[] | undefined): boolean;
  /** Called when a wanted signal of the channel was switched on or off, or none is wanted any more. */
  onFollow(topic: Topic): void;
  /** Called after subscriptions have changed. */
  onSettle(): void;
}

/** The wanted channels and their subscriptions. */
export interface Topics {
  get(channel: string): Topic | undefined;
  all(): readonly Topic[];
  subscribe(source: ChannelRef | ChannelSignals, listener?: ChannelListener): () => void;
  /** Computes `isLive` again after the rollout has changed. */
  follow(topic: Topic): void;
  clear(): void;
}

export function createTopics({ timers, isOn, onFollow, onSettle }: TopicsOptions): Topics {
  const topics = new Map<string, Topic>();

  const wants = ({ ref, subscriptions }: Topic) =>
    [...subscriptions].some(({ names }) => isOn(ref, names));

  const follow = (topic: Topic) => {
    const isLive = wants(topic);
    if (topic.isLive === isLive) return;
    topic.isLive = isLive;
    topic.isDenied = false;
    onFollow(topic);
  };

  const release = (topic: Topic) => {
    if (topic.subscriptions.size === 0) topics.delete(topic.ref.name);
    follow(topic);
    onSettle();
  };

  return {
    get: (channel) => topics.get(channel),
    all: () => [...topics.values()],
    follow,
    clear: () => topics.clear(),
    subscribe: (source, listener) => {
      const { channel: ref, names } = "names" in source ? source : everything(source);
      const topic: Topic = topics.get(ref.name) ?? {
        ref,
        subscriptions: new Set(),
        isLive: false,
        cancelRelease: undefined,
        isDenied: false,
      };
      const subscription = { listener, names };
      topic.cancelRelease?.();
      topic.cancelRelease = undefined;
      topic.subscriptions.add(subscription);
      topics.set(ref.name, topic);
      follow(topic);
      onSettle();
      return () => {
        if (!topic.subscriptions.delete(subscription) || wants(topic)) return;
        if (topics.get(ref.name) !== topic) return;
        topic.cancelRelease?.();
        topic.cancelRelease = timers.after(releaseMs, () => release(topic));
      };
    },
  };
}

const everything = (channel: ChannelRef) => ({ channel, names: undefined });
