import type {
  Disconnection,
  TransportConnection,
  TransportHandlers,
} from "../../client/transport.ts";
import { type Clock, createTimers } from "../../protocol/clock.ts";
import { activityTimeoutMs, createLiveness } from "./liveness.ts";

/** Interval of checking channels that the app has subscribed to as well. */
const sharedCheckMs = 1_000;

/** The members used of a `Pusher` instance, all public API of `pusher-js` 8.2 and later. */
export interface PusherInstance {
  readonly key: string;
  readonly connection: {
    readonly state: string;
    readonly socket_id: string;
    /** Milliseconds of silence after which the broker expects a ping. */
    readonly activityTimeout: number;
    bind_global(callback: (event: string, data: unknown) => void): unknown;
    unbind_global(callback: (event: string, data: unknown) => void): unknown;
  };
  channel(
    name: string,
  ): { readonly subscribed: boolean; readonly subscriptionPending: boolean } | undefined;
  send_event(name: string, data: unknown, channel?: string): boolean;
}

export interface RideOptions {
  readonly clock: Clock;
  /** Whether the app uses the instance too. Its channels and its user must then not be changed. */
  readonly isShared: boolean;
  /** Receives the `error` events of the instance. */
  readonly onError?: (error: unknown) => void;
}

/** A connection on a `Pusher` instance. */
export interface Ride extends TransportConnection {
  /** Ends the connection and reports it, unless it has already ended. */
  fail(why: Disconnection): void;
  isConnected(): boolean;
}

type Dispatch = (event: string, data: unknown) => void;

/** Throws errors in a microtask: synchronously they would prevent the app's handlers of the same message. */
const throwLater =
  (dispatch: Dispatch): Dispatch =>
  (...args) => {
    try {
      dispatch(...args);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  };

/** Before it schedules an attempt, `pusher-js` stays in the state "connected" for a second. */
const isLoss = (event: string, state: string) =>
  event === "connecting_in" || (event === "state_change" && state !== "connected");

/**
 * Creates one connection on the socket of a `Pusher` instance, from its `connected` event to the loss of that socket.
 *
 * Subscriptions are sent as events and acknowledged by messages. They bypass the instance's channels and its
 * authorizer, which `pusher-js` does not call again after a failure. One dispatcher is bound by `bind_global`. It runs
 * before the app's handlers, so a handler that throws stops no signal, and the app's `unbind` does not remove it.
 */
export function ride(
  instance: PusherInstance,
  handlers: TransportHandlers,
  { clock, isShared, onError }: RideOptions,
): Ride {
  const timers = createTimers(clock);
  const ours = new Set<string>();
  /** Channels of `ours` that the app has subscribed to as well. */
  const theirsToo = new Set<string>();
  let socketId: string | undefined;
  let isOver = false;

  const send = (event: string, data: unknown) => instance.send_event(event, data);
  const appChannel = (name: string) => (isShared ? instance.channel(name) : undefined);

  const end = () => {
    isOver = true;
    timers.clear();
    instance.connection.unbind_global(dispatch);
  };
  const fail = (why: Disconnection) => {
    if (isOver) return;
    end();
    handlers.disconnected(why);
  };
  const lose = (message: string) => fail({ reason: "lost", message });

  const liveness = createLiveness({
    timers,
    allowedMs: () => Math.min(activityTimeoutMs, instance.connection.activityTimeout || Infinity),
    sendPing: () => send("pusher:ping", {}),
    onSilence: lose,
  });

  const connected = () => {
    socketId = instance.connection.socket_id;
    liveness.received();
    handlers.connected(socketId);
  };

  /** Polls, since `pusher-js` has no event for an unsubscribe, and the app's unsubscribe also ends this subscription. */
  const watchShared = () => {
    timers.after(sharedCheckMs, () => {
      for (const name of ours) {
        if (appChannel(name) !== undefined) theirsToo.add(name);
        else if (theirsToo.delete(name)) handlers.subscriptionFailed(name);
      }
      if (!isOver) watchShared();
    });
  };

  const receive = (message: unknown) => {
    const { event, channel, data } = message as Partial<Record<string, unknown>>;
    if (socketId === undefined) connected();
    else liveness.received();
    if (event === "pusher:pong") liveness.pong();
    if (typeof event !== "string" || typeof channel !== "string" || !ours.has(channel)) return;
    if (appChannel(channel) !== undefined) theirsToo.add(channel);
    if (event === "pusher_internal:subscription_succeeded") handlers.subscribed(channel);
    else if (event === "pusher:subscription_error") handlers.subscriptionFailed(channel);
    else if (!/^pusher(_internal)?:/.test(event)) handlers.event(channel, event, data);
  };

  const dispatch = throwLater((event, data) => {
    if (isOver) return;
    const { state } = instance.connection;
    if (event === "message") receive(data);
    else if (event === "error") onError?.(data);
    else if (socketId === undefined) {
      if (event === "connected") connected();
    } else if (event === "connected") lose("The socket was replaced.");
    else if (isLoss(event, state)) lose(`The socket is lost; pusher-js is ${state}.`);
  });

  instance.connection.bind_global(dispatch);
  if (isShared) {
    watchShared();
    // An open socket may be dead, so wait for a message of the broker.
    timers.after(0, () => {
      if (socketId === undefined && instance.connection.state === "connected") liveness.check();
    });
  }

  const unsubscribe = (name: string) => {
    if (!ours.delete(name)) return;
    theirsToo.delete(name);
    const theirs = appChannel(name);
    const isTheirs = theirs?.subscribed || theirs?.subscriptionPending;
    if (!isTheirs) send("pusher:unsubscribe", { channel: name });
  };

  return {
    isConnected: () => socketId !== undefined,
    fail,
    subscribe: (channel, auth) => {
      if (isOver) return;
      ours.add(channel);
      if (appChannel(channel)?.subscribed !== true) {
        send("pusher:subscribe", { channel, auth });
        return;
      }
      theirsToo.add(channel);
      // The broker may refuse a second subscription of one socket, and the app's is sufficient.
      timers.after(0, () => {
        if (ours.has(channel)) handlers.subscribed(channel);
      });
    },
    unsubscribe,
    signIn: (auth, userData) => {
      // A socket has one user; on a shared socket the app signs it in.
      if (!isShared && !isOver) send("pusher:signin", { auth, user_data: userData });
    },
    ping: liveness.ping,
    close: () => {
      if (isOver) return;
      end();
      if (isShared) for (const name of [...ours]) unsubscribe(name);
    },
  };
}
