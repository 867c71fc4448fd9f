import { fullJitterMs } from "../protocol/back-off.ts";
import { type ChannelRef, contract } from "../protocol/channel.ts";
import { createTimers, systemClock } from "../protocol/clock.ts";
import { limits } from "../protocol/limits.ts";
import type { ErrorCode } from "../protocol/messages.ts";
import { hasGrown, isLiveFor, type LiveFor } from "../protocol/rollout.ts";
import { type Answer, createApi, readSpreadMs } from "./api.ts";
import { createBoundedMap } from "./channels/bounded.ts";
import { createChannelStates } from "./channels/channel-states.ts";
import { createDelivery } from "./channels/delivery.ts";
import { createSeen } from "./channels/seen.ts";
import { createSession, type Progress, type Session } from "./channels/session.ts";
import { createTopics } from "./channels/topics.ts";
import { createConnector } from "./connection/connector.ts";
import { watchPresence } from "./connection/presence.ts";
import {
  isFinal,
  type OfflineReason,
  type RealtimeState,
  type StateEvent,
  transition,
} from "./connection/state.ts";
import { createStatusWatch } from "./connection/status-watch.ts";
import { browserEnvironment } from "./environment.ts";
import type { RealtimeClient, RealtimeClientOptions } from "./realtime-client.ts";
import { createTracing } from "./trace.ts";
import type { TransportConnection } from "./transport.ts";

/** After the broker refused a connection, the client asks the route for its app at a random time in this window. */
const refused = { firstMs: 5_000, lastMs: 5_000 };
const rememberedCursors = 500;

/**
 * Makes the browser client: one connection for all channels, which is opened with the first subscription.
 * It rejoins, catches up and retries with jitter. Works without a framework; `RealtimeProvider` makes one
 * for React.
 *
 * @example
 * const client = createRealtimeClient({ channels, transport: pusher({ key, host }) });
 * const stop = client.subscribe(channels.user({ userId }), { signal: refetch, gap: refetch });
 */
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
  let live = options.rollout?.live;
  const timers = createTimers(clock);
  const stateListeners = new Set<() => void>();
  const channelListeners = new Set<(channel: string) => void>();
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
  /** Spread of all clients, from the latest response. */
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
  let isRelayAlive = true;
  /** Public keys: of the broker app to connect to next, and of the one that was connected to last. */
  let key = transport?.key;
  let socketKey = key;
  let stopListening: (() => void) | undefined;

  const dispatch = (event: StateEvent) => {
    const next = transition(state, event);
    if (next !== state) {
      state = next;
      delivery.each(stateListeners, (listener) => listener());
    }
    states.update();
  };

  /** The control channel is always on, because it announces what is switched on. */
  const isOn = (ref: ChannelRef, names: readonly string[] | undefined) =>
    live === undefined || ref.name === control || isLiveFor(declared, live, ref, names);

  const topics = createTopics({
    timers,
    isOn,
    onFollow: ({ ref: { name }, isLive }) => {
      if (name === control) return; // every session joins it
      if (isLive) session?.join(name);
      else session?.leave(name);
    },
    onSettle: () => settle(),
  });

  const delivery = createDelivery({
    kinds: declared.kinds,
    control,
    seen,
    tracing,
    topicOf: topics.get,
    isOn: ({ ref }, name) => isOn(ref, [name]),
    onControl: () => watch?.hurry(),
    onReport,
  });

  const states = createChannelStates({
    channels: () => topics.all().map(({ ref }) => ref.name),
    factsOf: (channel) => {
      const topic = topics.get(channel);
      return {
        connection: state,
        isWanted: topic !== undefined,
        isSwitchedOn: topic?.isLive === true,
        isDenied: topic?.isDenied === true,
        phase: session?.phaseOf(channel),
        isFailing: session?.isFailing(channel) === true,
        isRelayAlive,
      };
    },
    now: clock.now,
    onChange: (channel) => delivery.each(channelListeners, (listener) => listener(channel)),
  });

  /** Purges data of the channel, which may have been read before the first join. */
  const revoke = (channel: string) => {
    if (cursors.get(channel)) delivery.gap(channel);
    delivery.revoked(channel);
  };

  const onProgress = (progress: Progress) => {
    if (progress !== "caught-up") return dispatch({ type: progress });
    dispatch(isRelayAlive ? { type: progress, atMs: clock.now() } : { type: "impaired" });
  };

  const signOut = () => {
    watch?.stop();
    for (const { ref } of topics.all()) revoke(ref.name);
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
  const onRelayAge = (relayAgeMs: number) => {
    const isAlive = relayAgeMs < limits.relaySilenceMs;
    if (isAlive === isRelayAlive) return;
    isRelayAlive = isAlive;
    session?.report();
    watch?.replan();
    if (!isAlive) onReport({ type: "relay-silent" });
  };
  const reported = new Set<unknown>();
  const onRefused = (code: ErrorCode | undefined, httpStatus: number) => {
    // Rate limits and server errors are temporary: retries handle them without a report.
    const isPassing = httpStatus === 429 || httpStatus >= 500 || code === "unknown_key";
    if (isPassing || reported.has(code)) return;
    reported.add(code);
    onReport({ type: "refused", code, httpStatus });
  };
  const newApi = () => {
    const keyOfSocket = () => (session === undefined ? undefined : socketKey);
    const base = { endpoint, fetch, clock, onSpread, onRelayAge, onRefused };
    return createApi({ ...base, key: keyOfSocket, onKey });
  };

  /** The broker app may have been removed while this client was not connected. */
  const askForKey = () => {
    const waitMs = fullJitterMs(random, 0, refused, spread.of());
    if (key !== undefined) timers.after(waitMs, () => void statusApi.rollout());
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
      onSignal: delivery.signal,
      onGap: delivery.gap,
      onDenied: (channel) => {
        const topic = topics.get(channel);
        if (topic !== undefined) topic.isDenied = true;
        revoke(channel);
        // A repeated denial was reported before.
        if (topic?.askedAt === undefined) onReport({ type: "denied", channel });
      },
      onOff: () => watch?.doubt(),
      onSignedOut: signOut,
      onProgress,
    });
    session = opened;
    dispatch({ type: "connected" });
    watch?.replan();
    const wanted = topics.all().filter(({ isLive, isDenied }) => isLive && !isDenied);
    const names = new Set([
      ...(control === undefined ? [] : [control]),
      ...wanted.map(({ ref }) => ref.name),
    ]);
    if (isReturn) opened.resume([...names]);
    else for (const name of names) opened.join(name);
    if (transport?.isViewerKnown === true) return opened;
    // Lets the server have the broker close this user's sockets. Signals arrive without it, too.
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
        // While queries poll, a read may succeed again: then a denied channel is joined once more.
        for (const topic of topics.all()) topic.askedAt = undefined;
        if (reason === "signed-out") return signOut();
        // Planned: it is reported only if the next connection fails.
        if (reason === "ended" || reason === "moved") return dispatch({ type: "behind" });
        const isNews = state.status !== "degraded";
        dispatch({ type: "lost" });
        if (reason === "refused") askForKey();
        if (isNews) onReport({ type: "connection-lost", message });
      },
    });

  const statusApi = newApi();
  /** Asks what is on for the viewer and catches up the live channels that missed signals. */
  const readStatus = async (): Promise<Answer<LiveFor>> => {
    const asked = session;
    const batches = asked?.positions() ?? [];
    let answer: Answer<LiveFor> | undefined;
    for (const batch of batches) {
      const next = await statusApi.positions(batch);
      answer = next;
      if (next.status !== "ok") break;
      if (session === asked && next.body.behind.length > 0) asked?.catchUp(next.body.behind);
    }
    return answer ?? statusApi.rollout();
  };
  const watch =
    transport &&
    createStatusWatch({
      read: readStatus,
      isRelayAlive: () => isRelayAlive,
      timers,
      random,
      environment,
      spreadMs: spread.of,
      isConnected: () => session !== undefined,
      onSignedOut: signOut,
      onRead: (next) => {
        if (options.rollout === undefined) return session?.retryOff();
        const isMore = live !== undefined && hasGrown(live, next);
        live = next;
        // Signals that were off were not delivered. Without cursors every channel answers with a gap.
        if (isMore) cursors.clear();
        for (const topic of topics.all()) topics.follow(topic);
        if (isMore) session?.catchUp();
        session?.retryOff();
        settle();
        // A channel can stay live while some of its signals are switched off.
        for (const { ref } of topics.all()) {
          delivery.each(channelListeners, (listener) => listener(ref.name));
        }
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

  /** After sleep the page may have missed signals, and its socket may be dead without an event. */
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

  const isWanted = () => topics.all().some(({ isLive }) => isLive);

  const settle = () => {
    const isEmpty = topics.all().length === 0;
    if (isEmpty) watch?.stop();
    else watch?.start();
    if (isWanted()) start();
    else stop(isEmpty ? "idle" : "off");
    states.update();
  };

  return {
    subscribe: (source, listener) =>
      state.status === "offline" && isFinal(state.reason)
        ? () => {}
        : topics.subscribe(source, listener),
    observe: delivery.observe,
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
      topics.all().map(({ ref: { name }, cursorAtMs }) => ({
        channel: name,
        phase: session?.phaseOf(name),
        cursorAtMs,
      })),
    isSwitchedOn: isOn,
    channelState: states.get,
    onChannelStateChange: (listener) => {
      channelListeners.add(listener);
      return () => channelListeners.delete(listener);
    },
    getState: () => state,
    onStateChange: (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    close: () => {
      watch?.stop();
      statusApi.close();
      timers.clear();
      topics.clear();
      stop("closed");
    },
  };
}
