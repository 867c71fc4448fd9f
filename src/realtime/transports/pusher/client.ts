import type Pusher from "pusher-js";
import type { Transport, TransportConnection, TransportHandlers } from "../../client/transport.ts";

export interface PusherOptions {
  /** The app's public key. When the server rotates keys the next connection uses the one it names. */
  readonly key: string;
  /** Host of the broker's WebSocket, e.g. `127.0.0.1` or `ws-eu.pusher.com`. */
  readonly host: string;
  /** Default 443 with TLS, 80 without. */
  readonly port?: number;
  /** Default `true`. A page served over https always uses TLS. */
  readonly tls?: boolean;
}

/** A broker that freezes is noticed within 15 s; pusher-js alone takes 60 s. */
const activityTimeout = 10_000;
const pongTimeout = 4_000;

/**
 * Signals over any broker that speaks the Pusher protocol. pusher-js (8.6 or later) carries the
 * socket and is loaded when the first channel is wanted; when to connect, and what to subscribe with,
 * is the client's decision.
 */
export function pusher(options: PusherOptions): Transport {
  // Kept for the next attempt: pusher-js never lets go of an instance it has made.
  const idle: Pusher[] = [];
  const take = (key: string) => {
    const index = idle.findIndex((each) => each.key === key);
    return index < 0 ? undefined : idle.splice(index, 1)[0];
  };
  return {
    name: "pusher",
    key: options.key,
    connect: (handlers, key = options.key) => {
      let connection: TransportConnection | undefined;
      let isClosed = false;
      const load = async () => {
        const instance =
          take(key) ?? create((await import("pusher-js")).default, { ...options, key });
        if (isClosed) idle.push(instance);
        else connection = open(instance, handlers, () => idle.push(instance));
      };
      load().catch(() => {
        if (!isClosed)
          handlers.disconnected({ reason: "lost", message: "pusher-js did not load." });
      });
      return {
        subscribe: (wireName, auth) => connection?.subscribe(wireName, auth),
        unsubscribe: (wireName) => connection?.unsubscribe(wireName),
        signIn: (auth, userData) => connection?.signIn(auth, userData),
        ping: (answered) => connection?.ping(answered),
        close: () => {
          if (!isClosed) connection?.close();
          isClosed = true;
        },
      };
    },
  };
}

function create(Client: typeof Pusher, { key, host, port, tls = true }: PusherOptions): Pusher {
  const client = new Client(key, {
    cluster: "", // required by the types, unused beside wsHost
    wsHost: host,
    ...(port === undefined ? {} : { wsPort: port, wssPort: port }),
    forceTLS: tls,
    enabledTransports: ["ws"], // with or without TLS; no fallback to polling over HTTP
    activityTimeout,
    pongTimeout,
  });
  // Its channels would ask for signatures themselves and bind twice what is unsubscribed while
  // pending, and its user joins a channel of its own. Messages are read here alone.
  client.connection.unbind("message");
  // When to connect is our client's decision. After close code 4200 pusher-js sets two timers and forgets
  // the first: it would connect while idle, and the attempt we begin later would wait for that one's end.
  Object.assign(client.connection, { retryIn: () => {} });
  return client;
}

interface TimelineEvent {
  readonly state?: string;
  readonly params?: { readonly code?: number; readonly reason?: string };
  readonly pong_timed_out?: number;
}

function open(client: Pusher, handlers: TransportHandlers, done: () => void): TransportConnection {
  let isOpen = true;
  let pings: (() => void)[] = [];
  const disconnected = (code: number | undefined, message: string) => {
    if (!isOpen) return;
    close();
    const isRefused = code !== undefined && code >= 4000 && code < 4100;
    handlers.disconnected({ reason: isRefused ? "refused" : "lost", message });
  };
  /**
   * pusher-js tells its timeline, and nobody else, that a socket closed before it was open; its own
   * events come with its own next attempt, 15 s later. The timeline is otherwise unused.
   */
  client.timeline.log = (_level: unknown, { state, params, pong_timed_out }: TimelineEvent) => {
    if (state !== "closed" && pong_timed_out === undefined) return;
    const what = params?.reason || `The socket closed${params?.code ? ` (${params.code})` : ""}.`;
    // Later: pusher-js is in the middle of its own bookkeeping.
    queueMicrotask(() => disconnected(params?.code, what));
  };
  const onState = ({ current }: { readonly current: string }) => {
    if (current === "connected") handlers.connected(client.connection.socket_id);
    // "connecting" comes with our own connect, too, but before this is bound.
    else disconnected(undefined, `The connection is ${current}.`);
  };
  const onMessage = ({ event, channel, data }: Message) => {
    if (event === "pusher:pong") {
      const answered = pings;
      pings = [];
      for (const each of answered) each();
    }
    if (channel === undefined) return;
    if (event === "pusher_internal:subscription_succeeded") handlers.subscribed(channel);
    else if (event === "pusher:subscription_error") handlers.subscriptionFailed(channel);
    else if (!event.startsWith("pusher")) handlers.event(channel, event, data);
  };
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    client.connection.unbind("state_change", onState).unbind("message", onMessage);
    client.timeline.log = () => {};
    client.disconnect();
    done();
  };

  client.connect();
  client.connection.bind("state_change", onState).bind("message", onMessage);
  return {
    subscribe: (channel, auth) => client.send_event("pusher:subscribe", { channel, auth }),
    unsubscribe: (channel) => client.send_event("pusher:unsubscribe", { channel }),
    signIn: (auth, userData) => client.send_event("pusher:signin", { auth, user_data: userData }),
    ping: (answered) => {
      pings.push(answered);
      client.send_event("pusher:ping", {});
    },
    close,
  };
}

interface Message {
  readonly event: string;
  readonly channel?: string;
  readonly data?: unknown;
}
