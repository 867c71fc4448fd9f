import type { Contract } from "../../protocol/channel.ts";
import { decodeMessage } from "../../protocol/ephemeral/message.ts";
import { type StandardSchema, validateNow } from "../../protocol/schema.ts";
import type { Signal } from "../../protocol/signal.ts";
import { callEach, type OnListenerError } from "../listeners.ts";
import type { ChannelListener, ChannelObserver } from "../realtime-client.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Tracing } from "../trace.ts";
import type { Channel } from "./channel.ts";
import type { Channels } from "./channels.ts";

export interface DeliveryOptions {
  readonly kinds: Contract["kinds"];
  readonly channels: Pick<Channels, "control" | "cursors" | "seen">;
  readonly rollout: Pick<Rollout, "isOn">;
  readonly tracing: Tracing;
  /** Called when anything arrives on the control channel. */
  onControl(): void;
  readonly onListenerError: OnListenerError;
}

/** Passes signals, gaps and revocations to listeners and observers. */
export interface Delivery {
  signal(channel: Channel, signal: Signal): void;
  gap(channel: Channel): void;
  /** @param data of a message of an ephemeral channel, and its age in ms. */
  message(channel: Channel, data: unknown, ageMs: number): void;
  /** The viewer may no longer read the channel. Data may have been read before the first join. */
  revoked(channel: Channel): void;
  observe(observer: ChannelObserver): () => void;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { kinds, channels, tracing, onListenerError } = options;
  const observers = new Set<ChannelObserver>();
  /** Events since the last observer was removed, by channel. The next observer gets them. */
  const unobserved = new Map<string, "gap" | "revoked">();
  let wasObserved = false;

  const toObservers = (
    { name }: Channel,
    kind: "gap" | "revoked",
    call: (observer: ChannelObserver) => void,
  ) => {
    if (observers.size > 0) callEach(observers, call, onListenerError);
    else if (wasObserved && unobserved.get(name) !== "revoked") unobserved.set(name, kind);
  };

  const toListeners = ({ subscriptions }: Channel, call: (listener: ChannelListener) => void) =>
    callEach(subscriptions, ({ listener }) => listener && call(listener), onListenerError);

  const gap = (channel: Channel) => {
    const { name } = channel;
    tracing.emit?.({ type: "gap", channel: name });
    if (channel === channels.control) options.onControl();
    toListeners(channel, (listener) => listener.gap());
    toObservers(channel, "gap", (observer) => observer.gap(name));
  };

  return {
    signal: (channel, signal) => {
      const { name, ref } = channel;
      const isFirst = channels.seen.isNew(name, signal);
      tracing.emit?.({
        type: isFirst ? "signal" : "duplicate",
        signal: { channel: name, name: signal.name, id: signal.id, origin: signal.origin },
      });
      if (!isFirst) return;
      if (channel === channels.control) options.onControl();
      const schemas = kinds.get(ref.kind)?.signals;
      const isKnown = schemas?.has(signal.name) === true;
      if (isKnown && !options.rollout.isOn(ref, [signal.name])) return;
      const checked = isKnown ? withDeclaredIds(signal, schemas.get(signal.name)) : signal;
      toListeners(channel, (listener) => listener.signal(checked, isKnown));
      toObservers(channel, "gap", (observer) => observer.signal(name, checked, isKnown));
    },
    gap,
    message: (channel, data, ageMs) => {
      const message = decodeMessage(kinds, channel.ref.kind, data);
      if (message === undefined) return;
      const leftMs = channel.messages?.add(message, ageMs);
      if (leftMs === undefined) return;
      toListeners(channel, (listener) => listener.message?.(message, leftMs));
    },
    revoked: (channel) => {
      const { name } = channel;
      if (channels.cursors.get(name)) gap(channel);
      tracing.emit?.({ type: "revoked", channel: name });
      toListeners(channel, (listener) => listener.revoked?.());
      toObservers(channel, "revoked", (observer) => observer.revoked(name));
    },
    observe: (observer) => {
      observers.add(observer);
      wasObserved = true;
      const missed = [...unobserved];
      unobserved.clear();
      callEach(missed, ([channel, kind]) => observer[kind](channel), onListenerError);
      return () => observers.delete(observer);
    },
  };
}

/** Drops ids that do not match the contract, by which handlers are typed. */
function withDeclaredIds(signal: Signal, schema: StandardSchema<unknown> | undefined): Signal {
  const fits =
    signal.ids?.every((ids) => schema && validateNow(schema, ids).issues === undefined) ?? true;
  return fits ? signal : { ...signal, ids: undefined };
}
