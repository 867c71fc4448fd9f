import type { Contract } from "../../protocol/channel.ts";
import { type StandardSchema, validateNow } from "../../protocol/schema.ts";
import type { Signal } from "../../protocol/signal.ts";
import type { ChannelListener, ChannelObserver, RealtimeReport } from "../realtime-client.ts";
import type { Tracing } from "../trace.ts";
import type { Seen } from "./seen.ts";
import type { Topic } from "./topics.ts";

export interface DeliveryOptions {
  readonly kinds: Contract["kinds"];
  /** Name of the control channel, if there is one. */
  readonly control: string | undefined;
  readonly seen: Seen;
  readonly tracing: Tracing;
  topicOf(channel: string): Topic | undefined;
  isOn(topic: Topic, name: string): boolean;
  /** Called when anything arrives on the control channel. */
  onControl(): void;
  onReport(report: RealtimeReport): void;
}

/** Passes signals, gaps and revocations to listeners and observers. */
export interface Delivery {
  signal(channel: string, signal: Signal): void;
  gap(channel: string): void;
  revoked(channel: string): void;
  observe(observer: ChannelObserver): () => void;
  /** Calls each listener. One that throws is reported and does not stop the others. */
  each<Listener>(listeners: Iterable<Listener>, call: (listener: Listener) => void): void;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { kinds, control, seen, tracing, topicOf, onReport } = options;
  const observers = new Set<ChannelObserver>();
  /** Events since the last observer was removed, by channel. The next observer gets them. */
  const unobserved = new Map<string, "gap" | "revoked">();
  let wasObserved = false;

  const each: Delivery["each"] = (listeners, call) => {
    for (const listener of [...listeners]) {
      try {
        call(listener);
      } catch (error) {
        onReport({ type: "listener-failed", error });
      }
    }
  };

  const toObservers = (
    channel: string,
    kind: "gap" | "revoked",
    call: (observer: ChannelObserver) => void,
  ) => {
    if (observers.size > 0) each(observers, call);
    else if (wasObserved && unobserved.get(channel) !== "revoked") unobserved.set(channel, kind);
  };

  const toListeners = (topic: Topic | undefined, call: (listener: ChannelListener) => void) =>
    each(topic?.subscriptions ?? [], ({ listener }) => listener && call(listener));

  return {
    each,
    signal: (channel, signal) => {
      const topic = topicOf(channel);
      if (topic === undefined && channel !== control) return;
      const { id, name, origin } = signal;
      const isFirst = seen.isNew(channel, signal);
      tracing.emit?.({
        type: isFirst ? "signal" : "duplicate",
        signal: { channel, name, id, origin },
      });
      if (!isFirst) return;
      if (channel === control) options.onControl();
      if (topic === undefined) return;
      const schemas = kinds.get(topic.ref.kind)?.signals;
      const isKnown = schemas?.has(name) === true;
      if (isKnown && !options.isOn(topic, name)) return;
      const checked = isKnown ? withDeclaredIds(signal, schemas.get(name)) : signal;
      toListeners(topic, (listener) => listener.signal(checked, isKnown));
      toObservers(channel, "gap", (observer) => observer.signal(channel, checked, isKnown));
    },
    gap: (channel) => {
      tracing.emit?.({ type: "gap", channel });
      if (channel === control) options.onControl();
      toListeners(topicOf(channel), (listener) => listener.gap());
      toObservers(channel, "gap", (observer) => observer.gap(channel));
    },
    revoked: (channel) => {
      tracing.emit?.({ type: "revoked", channel });
      toObservers(channel, "revoked", (observer) => observer.revoked(channel));
    },
    observe: (observer) => {
      observers.add(observer);
      wasObserved = true;
      const missed = [...unobserved];
      unobserved.clear();
      each(missed, ([channel, kind]) => observer[kind](channel));
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
