import { type ChannelRef, contract } from "../protocol/channel.ts";
import { hasGrown, isLiveFor } from "../protocol/rollout.ts";
import { type StandardSchema, validateNow } from "../protocol/schema.ts";
import type { Signal } from "../protocol/signal.ts";
import { createApi, readSpreadMs } from "./api.ts";
import { createBoundedMap } from "./bounded.ts";
import { createTimers, systemClock } from "./clock.ts";
import { createConnector } from "./connector.ts";
import { browserEnvironment } from "./environment.ts";
import { fullJitterMs } from "./jitter.ts";
import { watchPresence } from "./presence.ts";
import type {
  ChannelListener,
  ChannelObserver,
  RealtimeClient,
  RealtimeClientOptions,
} from "./realtime-client.ts";
import { createRolloutWatch } from "./rollout-watch.ts";
import { createSeen } from "./seen.ts";
import { createSession, type Progress, type Session } from "./session.ts";
import {
  isFinal,
  type OfflineReason,
  type RealtimeState,
  type StateEvent,
  transition,
} from "./state.ts";
import { createTracing } from "./trace.ts";
import type { TransportConnection } from "./transport.ts";

const releaseMs = 3_000;
/** Whoever is refused by the broker asks the server about it, at some moment of this time. */
const refused = { firstMs: 5_000, lastMs: 5_000 };
const rememberedCursors = 500;

interface Subscription {
  readonly listener: ChannelListener | undefined;
  /** Signals asked for; `undefined` for all. */
  readonly names: readonly string[] | undefined;
}

interface Topic {
  readonly ref: ChannelRef;
  /** One entry per subscription; the same listener may subscribe twice. */
  readonly subscriptions: Set<Subscription>;
  /** Whether a signal that somebody here asks for is switched on. */
  isLive: boolean;
  cancelRelease: (() => void) | undefined;
  isDenied: boolean;
  /** The cursor it was asked for again at, if any: another one means that it was live in between. */
  askedAt?: string | undefined;
  spreadMs?: number | undefined;
  cursorAtMs?: number;
}

/** Makes a client. Opens nothing until a channel is wanted. */
export function createRealtimeClient(options: RealtimeClientOptions): RealtimeClient {
  const {
    channels,
    transport,
    endpoint = "/api/realtime",
    clock = systemClock,
    random = Math.random,
    environment = browserEnvironment,
    onReport = () => {},
  } = options;
  const fetch: typeof globalThis.fetch =
    options.fetch ?? ((...request) => globalThis.fetch(...request));
  const declared = channels[contract];
  const { kinds } = declared;
  let live = options.rollout?.live;
  const timers = createTimers(clock);
  const topics = new Map<string, Topic>();
  const stateListeners = new Set<() => void>();
  const observers = new Set<ChannelObserver>();
  const tracing = createTracing(options.onTrace);
  const cursors = createBoundedMap<string>(rememberedCursors);
  const control = options.rollout?.control?.name;
  if (control && options.rollout?.cursor) cursors.set(control, options.rollout.cursor);
  const seen = createSeen();
  let state: RealtimeState = {
    status: "offline",
    reason: transport === undefined ? "no-transport" : "idle",
    lastCaughtUpAt: undefined,
  };
  /** Of all clients, as the server said last. */
  let spreadMs = 0;
  const spread = {
    of: (channel?: string) =>
      (channel === undefined ? undefined : topics.get(channel)?.spreadMs) ?? spreadMs,
    note: (channel: string, value: unknown) => {
      const topic = topics.get(channel);
      if (topic !== undefined) topic.spreadMs = readSpreadMs(value) ?? topic.spreadMs;
    },
  };
  let session: Session | undefined;
  /** Of the app to connect with next, and of the one that was connected with last. */
  let key = transport?.key;
  let socketKey = key;
  let stopListening: (() => void) | undefined;

  /** One that throws keeps nobody else from being called. */
  const each = <Listener>(listeners: Iterable<Listener>, call: (listener: Listener) => void) => {
    for (const listener of [...listeners]) {
      try {
        call(listener);
      } catch (error) {
        onReport({ type: "listener-failed", error });
      }
    }
  };

  const dispatch = (event: StateEvent) => {
    const next = transition(state, event);
    if (next === state) return;
    state = next;
    each(stateListeners, (listener) => listener());
  };

  const tellSignal = (channel: string, signal: Signal) => {
    const topic = topics.get(channel);
    const isAwaited = topic !== undefined || channel === control;
    if (!isAwaited) return;
    const { id, name, origin } = signal;
    const isFirst = seen.isNew(channel, signal);
    tracing.emit?.({
      type: isFirst ? "signal" : "duplicate",
      signal: { channel, name, id, origin },
    });
    if (!isFirst) return;
    if (channel === control) watch?.hurry();
    if (topic === undefined) return;
    const schemas = kinds.get(topic.ref.kind)?.signals;
    const isKnown = schemas?.has(name) === true;
    if (isKnown && !isOn(topic.ref, [name])) return;
    const told = isKnown ? withDeclaredIds(signal, schemas.get(name)) : signal;
    each(topic.subscriptions, ({ listener }) => listener?.signal(told, isKnown));
    each(observers, (observer) => observer.signal(channel, told, isKnown));
  };

  /** No setting switches the control channel. */
  const isOn = (ref: ChannelRef, names: readonly string[] | undefined) =>
    live === undefined || ref.name === control || isLiveFor(declared, live, ref, names);

  const tellGap = (channel: string) => {
    tracing.emit?.({ type: "gap", channel });
    if (channel === control) watch?.hurry();
    each(topics.get(channel)?.subscriptions ?? [], ({ listener }) => listener?.gap());
    each(observers, (observer) => observer.gap(channel));
  };

  /** What was read before is not to be shown any more; it may have been read before the first join. */
  const tellRevoked = (channel: string) => {
    tracing.emit?.({ type: "revoked", channel });
    if (cursors.get(channel)) tellGap(channel);
    each(observers, (observer) => observer.revoked(channel));
  };

  const onProgress = (progress: Progress) =>
    dispatch(progress === "caught-up" ? { type: progress, atMs: clock.now() } : { type: progress });

  const signOut = () => {
    watch?.stop();
    for (const channel of topics.keys()) tellRevoked(channel);
    stop("signed-out");
    onReport({ type: "signed-out" });
  };

  const onSpread = (ms: number) => {
    spreadMs = ms;
  };

  const onKey = (next: string, retired: string | undefined) => {
    const isNews = next !== key;
    key = next;
    if (retired !== undefined && retired === socketKey) connector?.renew();
    else if (isNews && retired === undefined) connector?.retrySoon();
  };
  const newApi = () => {
    const keyOfSocket = () => (session === undefined ? undefined : socketKey);
    return createApi({ endpoint, fetch, clock, onSpread, key: keyOfSocket, onKey });
  };

  /** The app may be gone from the broker, and nobody was there to be told. */
  const askForKey = () => {
    const waitMs = fullJitterMs(random, 0, refused, spread.of());
    if (key !== undefined) timers.after(waitMs, () => void rolloutApi.rollout());
  };

  const openSession = (connection: TransportConnection, socketId: string): Session => {
    const isReturn = state.status === "degraded";
    const api = newApi();
    const opened = createSession({
      socketId,
      connection,
      api,
      timers: createTimers(clock),
      random,
      cursors: {
        get: cursors.get,
        set: (channel, cursor) => {
          cursors.set(channel, cursor);
          const topic = topics.get(channel);
          if (topic !== undefined) topic.cursorAtMs = clock.now();
        },
      },
      seen,
      spread,
      onSignal: tellSignal,
      onGap: tellGap,
      onDenied: (channel) => {
        const topic = topics.get(channel);
        if (topic !== undefined) topic.isDenied = true;
        tellRevoked(channel);
        // The answer to a second question is no news.
        if (topic?.askedAt === undefined) onReport({ type: "denied", channel });
      },
      onOff: () => watch?.doubt(),
      onSignedOut: signOut,
      onProgress,
    });
    session = opened;
    dispatch({ type: "connected" });
    const wanted = [...topics.values()].filter(({ isLive, isDenied }) => isLive && !isDenied);
    const names = new Set([
      ...(control === undefined ? [] : [control]),
      ...wanted.map(({ ref }) => ref.name),
    ]);
    if (isReturn) opened.resume([...names]);
    else for (const name of names) opened.join(name);
    if (transport?.isViewerKnown === true) return opened;
    // Lets the broker end this user's sockets. Without it the socket works all the same.
    void api.signIn(socketId).then((answer) => {
      if (session === opened && answer.status === "ok") {
        connection.signIn(answer.body.auth, answer.body.userData);
      }
    });
    return opened;
  };

  const connector =
    transport &&
    createConnector({
      connect: (handlers) => {
        socketKey = key;
        return transport.connect(handlers, key);
      },
      clock,
      random,
      spreadMs: spread.of,
      openSession,
      onLost: ({ reason, message }) => {
        session = undefined;
        // What is read by polling meanwhile may show that a right is back: that is worth another question.
        for (const topic of topics.values()) topic.askedAt = undefined;
        if (reason === "signed-out") return signOut();
        // Until the next connection nothing is heard; should it not come up, that is told then.
        if (reason === "ended" || reason === "moved") return dispatch({ type: "behind" });
        dispatch({ type: "lost" });
        if (reason === "refused") askForKey();
        onReport({ type: "connection-lost", message });
      },
    });

  const rolloutApi = newApi();
  const watch =
    transport &&
    options.rollout &&
    createRolloutWatch({
      read: rolloutApi.rollout,
      timers,
      random,
      environment,
      spreadMs: spread.of,
      isConnected: () => session !== undefined,
      onSignedOut: signOut,
      onRead: (next) => {
        const isMore = live !== undefined && hasGrown(live, next);
        live = next;
        // Nobody tells what was held back while it was off: what is bound to any channel is read.
        if (isMore) cursors.clear();
        for (const topic of topics.values()) follow(topic);
        if (isMore) session?.catchUp();
        session?.retryOff();
        settle();
      },
    });

  const start = () => {
    if (state.status !== "offline" || isFinal(state.reason) || !isWanted()) return;
    stopListening ??= listen();
    if (!environment.isOnline()) return dispatch({ type: "stop", reason: "no-network" });
    dispatch({ type: "start" });
    connector?.open();
  };

  const stop = (reason: OfflineReason) => {
    connector?.close();
    session = undefined;
    if (reason !== "no-network") {
      stopListening?.();
      stopListening = undefined;
    }
    dispatch({ type: "stop", reason });
  };

  /** A page that slept knows neither what it slept through nor whether its socket outlived it. */
  const wake = () => {
    session?.catchUp();
    connector?.check();
  };

  const listen = () =>
    watchPresence({
      environment,
      clock,
      onOffline: () => stop("no-network"),
      onOnline: start,
      onVisible: () => connector?.retrySoon(),
      onWake: wake,
    });

  const isWanted = () => [...topics.values()].some(({ isLive }) => isLive);

  const wants = ({ ref, subscriptions }: Topic) =>
    [...subscriptions].some(({ names }) => isOn(ref, names));

  /** Joins or leaves, as what is asked for here is switched on or off by now. */
  const follow = (topic: Topic) => {
    const isLive = wants(topic);
    if (topic.isLive === isLive) return;
    topic.isLive = isLive;
    topic.isDenied = false;
    if (topic.ref.name === control) return; // joined for as long as there is a session
    if (isLive) session?.join(topic.ref.name);
    else session?.leave(topic.ref.name);
  };

  const settle = () => {
    if (topics.size === 0) watch?.stop();
    else watch?.start();
    if (isWanted()) start();
    else stop(topics.size === 0 ? "idle" : "off");
  };

  const release = (topic: Topic) => {
    if (topic.subscriptions.size === 0) topics.delete(topic.ref.name);
    follow(topic);
    settle();
  };

  return {
    subscribe: (source, listener) => {
      const { channel: ref, names } = "names" in source ? source : everything(source);
      if (state.status === "offline" && isFinal(state.reason)) return () => {};
      const topic = topics.get(ref.name) ?? {
        ref,
        subscriptions: new Set(),
        cancelRelease: undefined,
        isLive: false,
        isDenied: false,
      };
      const subscription = { listener, names };
      topic.cancelRelease?.();
      topic.cancelRelease = undefined;
      topic.subscriptions.add(subscription);
      topics.set(ref.name, topic);
      follow(topic);
      settle();
      return () => {
        if (!topic.subscriptions.delete(subscription) || wants(topic)) return;
        if (topics.get(ref.name) !== topic) return;
        topic.cancelRelease?.();
        topic.cancelRelease = timers.after(releaseMs, () => release(topic));
      };
    },
    observe: (observer) => {
      observers.add(observer);
      return () => observers.delete(observer);
    },
    startFrom: (channel, cursor) => {
      const known = cursors.get(channel);
      if (known !== undefined || cursor === undefined) return known;
      cursors.set(channel, cursor);
      tracing.emit?.({ type: "hand-over", channel });
      return cursor;
    },
    askAgain: (channel) => {
      const topic = topics.get(channel);
      const cursor = cursors.get(channel) ?? "";
      if (!topic?.isDenied || topic.askedAt === cursor) return;
      topic.isDenied = false;
      topic.askedAt = cursor;
      session?.join(channel);
    },
    spreadMs: (channel) => topics.get(channel)?.spreadMs ?? 0,
    tracing,
    inspect: () =>
      [...topics.values()].map(({ ref: { name }, cursorAtMs }) => ({
        channel: name,
        phase: session?.phaseOf(name),
        cursorAtMs,
      })),
    getState: () => state,
    onStateChange: (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    close: () => {
      watch?.stop();
      rolloutApi.close();
      timers.clear();
      topics.clear();
      stop("closed");
    },
  };
}

const everything = (channel: ChannelRef) => ({ channel, names: undefined });

/** Handlers are typed by the contract; ids it does not declare become "anything on this channel". */
function withDeclaredIds(signal: Signal, schema: StandardSchema<unknown> | undefined): Signal {
  const fits =
    signal.ids?.every((ids) => schema && validateNow(schema, ids).issues === undefined) ?? true;
  return fits ? signal : { ...signal, ids: undefined };
}
