import { contract } from "../protocol/channel.ts";
import { createTimers, systemClock } from "../protocol/clock.ts";
import { createApi } from "./api.ts";
import type { Channel } from "./channels/channel.ts";
import { createChannelStates } from "./channels/channel-states.ts";
import { createChannels } from "./channels/channels.ts";
import { createDelivery } from "./channels/delivery.ts";
import { createBrokerKey } from "./connection/broker-key.ts";
import { createConnection } from "./connection/connection.ts";
import { createServerState } from "./connection/server-state.ts";
import { isOver } from "./connection/state.ts";
import { browserEnvironment } from "./environment.ts";
import { globalFetch } from "./global-fetch.ts";
import { callEach } from "./listeners.ts";
import type { RealtimeClient, RealtimeClientOptions, RealtimeReport } from "./realtime-client.ts";
import { createRollout } from "./rollout/rollout.ts";
import { createStatusWatch } from "./rollout/status-watch.ts";
import { createTracing } from "./trace.ts";

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
  const { transport, fetch = globalFetch, clock = systemClock, random = Math.random } = options;
  const { environment = browserEnvironment } = options;
  const onReport = (report: RealtimeReport) =>
    // biome-ignore lint/suspicious/noConsole: the callback is where the application reads errors
    callEach([options.onReport], (listener) => listener?.(report), console.error);
  const declared = options.channels[contract];
  const timers = createTimers(clock);
  const tracing = createTracing(options.onTrace);
  const rollout = createRollout(declared, options.rollout);
  const onListenerError = (error: unknown) => onReport({ type: "listener-failed", error });
  const session = () => connection.session();
  const spreadMs = (channel?: Channel) => channel?.spreadMs ?? server.spreadMs();

  const server = createServerState({
    onReport,
    onRelayChange: () => {
      session()?.report();
      watch?.replan();
    },
  });
  const { isRelayAlive } = server;
  const channels = createChannels({
    kinds: declared.kinds,
    timers,
    rollout,
    onSwitch: (channel) => {
      if (channel === channels.control) return; // every session joins it
      if (channel.isOn) session()?.join(channel);
      else session()?.leave(channel);
    },
    onSettle: () => connection.settle(),
    onListenerError,
  });
  const { cursors } = channels;
  const delivery = createDelivery({
    channels,
    rollout,
    tracing,
    onListenerError,
    kinds: declared.kinds,
    onControl: () => watch?.hurry(),
  });
  const key = createBrokerKey({
    timers,
    random,
    spreadMs,
    first: transport?.key,
    renew: () => connection.renew(),
    retrySoon: () => connection.retrySoon(),
    request: () => void statusApi.rollout(),
  });
  const newApi = () =>
    createApi({
      fetch,
      clock,
      ...server.events,
      endpoint: options.endpoint ?? "/api/realtime",
      key: () => session() && key.ofConnection(),
      onKey: key.received,
    });
  const connection = createConnection({
    transport,
    clock,
    random,
    environment,
    channels,
    delivery,
    key,
    spreadMs,
    isRelayAlive,
    createApi: newApi,
    watch: () => watch,
    onChannels: () => states.update(),
    onListenerError,
    onReport,
  });
  const states = createChannelStates({
    channels,
    isRelayAlive,
    onListenerError,
    connection: connection.state,
    now: clock.now,
  });
  const statusApi = newApi();
  const watch =
    transport &&
    createStatusWatch({
      session,
      timers,
      random,
      environment,
      spreadMs,
      isRelayAlive,
      api: statusApi,
      onSilent: server.setSilent,
      onSignedOut: connection.signOut,
      onRead: (live) => {
        if (options.rollout === undefined) return session()?.retryOff();
        const isMore = rollout.apply(live);
        // Signals that were off were not delivered. Without cursors every channel answers with a gap.
        if (isMore) cursors.clear();
        channels.update();
        if (isMore) session()?.catchUp();
        session()?.retryOff();
        connection.settle();
        // A channel can stay live while some of its signals are switched off.
        states.announceAll();
      },
    });

  return {
    subscribe: (source, listener) =>
      isOver(connection.state()) ? () => {} : channels.subscribe(source, listener),
    observe: delivery.observe,
    startFrom: (channel, cursor) => {
      const known = cursors.get(channel);
      if (known !== undefined || cursor === undefined) return known;
      cursors.set(channel, cursor);
      tracing.emit?.({ type: "hand-over", channel });
      return cursor;
    },
    askAgain: (name) => {
      const channel = channels.get(name);
      const cursor = cursors.get(name) ?? "";
      if (!channel?.isDenied || channel.askedAt === cursor) return;
      channel.isDenied = false;
      channel.askedAt = cursor;
      session()?.join(channel);
    },
    spreadMs: (name) => channels.get(name)?.spreadMs ?? 0,
    tracing,
    inspect: () =>
      channels.all().map(({ name: channel, join, cursorAtMs }) => {
        return { channel, joinState: join?.state, cursorAtMs };
      }),
    isSwitchedOn: rollout.isOn,
    channelState: states.get,
    onChannelStateChange: states.onChange,
    getState: connection.state,
    onStateChange: connection.onChange,
    close: () => {
      watch?.stop();
      statusApi.close();
      timers.clear();
      channels.clear();
      connection.stop("closed");
    },
  };
}
