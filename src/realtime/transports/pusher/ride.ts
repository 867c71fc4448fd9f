import { type Clock, createTimers } from "../../client/clock.ts";
import type {
  Disconnection,
  TransportConnection,
  TransportHandlers,
} from "../../client/transport.ts";
import { activityTimeoutMs, pongTimeoutMs, silenceMessage } from "./liveness.ts";

/** How often a channel that the app has subscribed to as well is checked. */
const sharedCheckMs = 1_000;

/** What is used of an instance of `Pusher`: public API of `pusher-js` 8.2 and later. */
export interface PusherInstance {
  readonly key: string;
  readonly connection: {
    readonly state: string;
    readonly socket_id: string;
    /** Milliseconds of silence that the broker allows. */
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
  /** Whether the app uses the instance as well: its channels and its user are not ours then. */
  readonly isShared: boolean;
  /** Called with what the instance emits as `error`. */
  readonly onError?: (error: unknown) => void;
}

/** What the owner of the instance does with a connection that rides on it. */
export interface Ride extends TransportConnection {
  /** Ends the connection and reports it, unless it is over. */
  fail(why: Disconnection): void;
  isConnected(): boolean;
}

/**
 * One connection on the socket of a `Pusher` instance, from its `connected` to the loss of that socket.
 *
 * Subscriptions are sent as events and acknowledged by messages, so neither the instance's authorizer
 * (which `pusher-js` does not call again after a failure) nor its list of channels is involved. One
 * dispatcher is bound, by `bind_global`: it runs before the app's own handlers, so one of those that
 * throws keeps no signal away, and an unbind of the app's does not reach it.
 */
export function ride(
  instance: PusherInstance,
  handlers: TransportHandlers,
  { clock, isShared, onError }: RideOptions,
): Ride {
  const timers = createTimers(clock);
  const ours = new Set<string>();
  /** Those of ours that the app was seen to have as well. */
  const theirsToo = new Set<string>();
  let socketId: string | undefined;
  let isOver = false;
  let pings: (() => void)[] = [];
  let cancelSilence = () => {};

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

  /** Every message is a sign of life; after a while without one a ping asks for it. */
  const expectLife = () => {
    cancelSilence();
    const allowedMs = Math.min(activityTimeoutMs, instance.connection.activityTimeout || Infinity);
    cancelSilence = timers.after(allowedMs, askForLife);
  };
  const askForLife = () => {
    send("pusher:ping", {});
    cancelSilence = timers.after(pongTimeoutMs, () => lose(silenceMessage));
  };

  const connected = () => {
    socketId = instance.connection.socket_id;
    expectLife();
    handlers.connected(socketId);
  };

  /** `pusher-js` has no event for an unsubscribe, and the app's ends ours on the same socket. */
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
    else expectLife();
    if (event === "pusher:pong") {
      const answered = pings;
      pings = [];
      for (const each of answered) each();
    }
    if (typeof event !== "string" || typeof channel !== "string" || !ours.has(channel)) return;
    if (appChannel(channel) !== undefined) theirsToo.add(channel);
    if (event === "pusher_internal:subscription_succeeded") handlers.subscribed(channel);
    else if (event === "pusher:subscription_error") handlers.subscriptionFailed(channel);
    else if (!/^pusher(_internal)?:/.test(event)) handlers.event(channel, event, data);
  };

  const dispatch = (event: string, data: unknown) => {
    if (isOver) return;
    try {
      if (event === "message") receive(data);
      else if (event === "error") onError?.(data);
      else if (event === "connected") {
        if (socketId === undefined) connected();
        else lose("The socket was replaced.");
      } else if (event === "connecting_in" || event === "state_change") {
        const { state } = instance.connection;
        // Before it plans an attempt `pusher-js` stays in the state "connected", for a second.
        if (event === "state_change" && state === "connected") return;
        if (socketId !== undefined) lose(`The socket is lost; pusher-js is ${state}.`);
      }
    } catch (error) {
      // Thrown from here it would end the app's own handlers of the same message.
      queueMicrotask(() => {
        throw error;
      });
    }
  };

  instance.connection.bind_global(dispatch);
  if (isShared) {
    watchShared();
    // A socket that is open may be dead: only a message of the broker proves it.
    timers.after(0, () => {
      if (socketId === undefined && instance.connection.state === "connected") askForLife();
    });
  }

  const unsubscribe = (name: string) => {
    if (!ours.delete(name)) return;
    theirsToo.delete(name);
    const theirs = appChannel(name);
    if (!theirs?.subscribed && !theirs?.subscriptionPending) {
      send("pusher:unsubscribe", { channel: name });
    }
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
      // A second subscription of one socket may be refused by the broker, and none is needed.
      timers.after(0, () => {
        if (ours.has(channel)) handlers.subscribed(channel);
      });
    },
    unsubscribe,
    signIn: (auth, userData) => {
      // A socket has one user, and on a shared one that is the app's: `instance.signin()`.
      if (!isShared && !isOver) send("pusher:signin", { auth, user_data: userData });
    },
    ping: (answered) => {
      pings.push(answered);
      send("pusher:ping", {});
    },
    close: () => {
      if (isOver) return;
      end();
      if (isShared) for (const name of [...ours]) unsubscribe(name);
    },
  };
}
