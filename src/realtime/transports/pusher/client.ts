import { type Clock, createTimers, systemClock } from "../../client/clock.ts";
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
  /** Opens the socket. Default: the platform's own `WebSocket`. */
  readonly openSocket?: (url: string) => WebSocket;
  readonly clock?: Clock;
}

/** A broker that freezes is noticed within 15 s. Brokers ask for a sign of life less often than that. */
const activityTimeoutMs = 10_000;
const pongTimeoutMs = 4_000;

/**
 * Signals over any broker that speaks the Pusher protocol, version 7. It is spoken here, and not by
 * pusher-js: when to connect, how often, and what to subscribe with is the client's decision, and what is
 * left without these is a socket that is read.
 */
export function pusher(options: PusherOptions): Transport {
  return {
    name: "pusher",
    key: options.key,
    connect: (handlers, key = options.key) => connect({ ...options, key }, handlers),
  };
}

function connect(options: PusherOptions, handlers: TransportHandlers): TransportConnection {
  const { openSocket = (url) => new WebSocket(url), clock = systemClock } = options;
  const timers = createTimers(clock);
  let isOver = false;
  let isConnected = false;
  let pings: (() => void)[] = [];
  let activityTimeout = activityTimeoutMs;
  let cancelSilence = () => {};
  let socket: WebSocket | undefined;

  const close = () => {
    isOver = true;
    timers.clear();
    socket?.close();
  };
  const fail = (message: string, code = 0) => {
    if (isOver) return;
    close();
    // Whom it let in before it may let in again: brokers end the sockets of a person whose rights have changed.
    const isRefused = !isConnected && code >= 4000 && code < 4100;
    handlers.disconnected({ reason: isRefused ? "refused" : "lost", message });
  };
  const send = (event: string, data: unknown) => {
    if (socket?.readyState === socket?.OPEN) socket?.send(JSON.stringify({ event, data }));
  };
  /** Whatever the broker says is a sign of life; after a while without one it is asked for. */
  const expectLife = () => {
    cancelSilence();
    cancelSilence = timers.after(activityTimeout, () => {
      send("pusher:ping", {});
      cancelSilence = timers.after(pongTimeoutMs, () =>
        fail(`The broker did not answer within ${pongTimeoutMs / 1000} s.`),
      );
    });
  };
  const hear = ({ event, channel, data }: Message) => {
    switch (event) {
      case "pusher:connection_established": {
        const { socket_id, activity_timeout } = asObject(data);
        activityTimeout = Math.min(
          activityTimeout,
          Number(activity_timeout) * 1000 || activityTimeout,
        );
        isConnected = true;
        return handlers.connected(String(socket_id));
      }
      case "pusher:ping":
        return send("pusher:pong", {});
      case "pusher:pong": {
        const answered = pings;
        pings = [];
        for (const each of answered) each();
        return;
      }
      case "pusher:error": {
        // Those of 4300 and more are about one message; the connection goes on.
        const { code, message } = asObject(data);
        if (typeof code === "number" && code < 4300) fail(String(message), code);
        return;
      }
    }
    if (channel === undefined) return;
    if (event === "pusher_internal:subscription_succeeded") handlers.subscribed(channel);
    else if (event === "pusher:subscription_error") handlers.subscriptionFailed(channel);
    else if (!event.startsWith("pusher")) handlers.event(channel, event, data);
  };

  try {
    socket = openSocket(urlOf(options));
    socket.addEventListener("message", ({ data }) => {
      const message = isOver ? undefined : parse(data);
      if (message === undefined) return;
      hear(message);
      if (!isOver) expectLife();
    });
    socket.addEventListener("close", ({ code, reason }) =>
      fail(reason || `The socket closed (${code}).`, code),
    );
    // It says nothing but that the close follows.
    socket.addEventListener("error", () => {});
  } catch (error) {
    // An address no socket can have; told later, since nothing is told before this returns.
    timers.after(0, () => fail(String(error)));
  }
  return {
    subscribe: (channel, auth) => send("pusher:subscribe", { channel, auth }),
    unsubscribe: (channel) => send("pusher:unsubscribe", { channel }),
    signIn: (auth, userData) => send("pusher:signin", { auth, user_data: userData }),
    ping: (answered) => {
      pings.push(answered);
      send("pusher:ping", {});
    },
    close,
  };
}

function urlOf({ key, host, port, tls = true }: PusherOptions): string {
  const isSecure = tls || globalThis.location?.protocol === "https:";
  const origin = `${isSecure ? "wss" : "ws"}://${host}${port === undefined ? "" : `:${port}`}`;
  return `${origin}/app/${encodeURIComponent(key)}?protocol=7&client=querycast&version=1`;
}

interface Message {
  readonly event: string;
  readonly channel?: string;
  readonly data?: unknown;
}

function parse(text: unknown): Message | undefined {
  const { event, channel, data } = asObject(text);
  if (typeof event !== "string") return undefined;
  return typeof channel === "string" ? { event, channel, data } : { event, data };
}

/** What JSON text says, or an object itself; empty when it is neither. Brokers write data either way. */
function asObject(value: unknown): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = typeof value === "string" ? JSON.parse(value) : value;
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
