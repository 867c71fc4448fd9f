import type { Transport, TransportConnection, TransportHandlers } from "../../client/transport.ts";
import { type Clock, createTimers, systemClock } from "../../protocol/clock.ts";
import { type PusherAddress, resolveAddress } from "./address.ts";
import { activityTimeoutMs, createLiveness, isRefusal } from "./liveness.ts";

/** Options of {@link slim}. */
export interface SlimOptions extends PusherAddress {
  /** Opens the socket. Default: `new WebSocket(url)`. */
  readonly openSocket?: (url: string) => WebSocket;
  /** Default: the system clock. */
  readonly clock?: Clock;
}

/**
 * Creates a transport over a broker with the Pusher protocol, version 7, without the package `pusher-js`: a plain
 * `WebSocket` and the part of the protocol that signals need, 1.4 kB instead of 20 kB. For presence, client events or
 * other channels use `pusher` from `querycast/transports/pusher/client`.
 *
 * ```ts
 * const transport = slim({ key: "app-key", host: "broker.example.com" });
 * ```
 *
 * @throws {TypeError} when neither a host nor a cluster is given.
 */
export function slim(options: SlimOptions): Transport {
  resolveAddress(options);
  return {
    name: "slim",
    key: options.key,
    connect: (handlers, key = options.key) => connect({ ...options, key }, handlers),
  };
}

function connect(options: SlimOptions, handlers: TransportHandlers): TransportConnection {
  const { openSocket = (url) => new WebSocket(url), clock = systemClock } = options;
  const timers = createTimers(clock);
  let isOver = false;
  let isConnected = false;
  let allowedMs = activityTimeoutMs;
  let socket: WebSocket | undefined;

  const close = () => {
    isOver = true;
    timers.clear();
    socket?.close();
  };
  const fail = (message: string, code = 0) => {
    if (isOver) return;
    close();
    handlers.disconnected({ reason: isRefusal(code, isConnected) ? "refused" : "lost", message });
  };
  const send = (event: string, data: unknown) => {
    if (socket?.readyState === socket?.OPEN) socket?.send(JSON.stringify({ event, data }));
  };
  const liveness = createLiveness({
    timers,
    allowedMs: () => allowedMs,
    sendPing: () => send("pusher:ping", {}),
    onSilence: (message) => fail(message),
  });
  const receive = ({ event, channel, data }: Message) => {
    switch (event) {
      case "pusher:connection_established": {
        const { socket_id, activity_timeout } = asObject(data);
        allowedMs = Math.min(allowedMs, Number(activity_timeout) * 1000 || allowedMs);
        isConnected = true;
        return handlers.connected(String(socket_id));
      }
      case "pusher:ping":
        return send("pusher:pong", {});
      case "pusher:pong":
        return liveness.pong();
      case "pusher:error": {
        // Codes from 4300 concern one message; the connection stays open.
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
      receive(message);
      if (!isOver) liveness.received();
    });
    const closed = ({ code, reason = "" }: { readonly code: number; readonly reason?: string }) =>
      fail(reason || `The socket closed (${code}).`, code);
    socket.addEventListener("close", closed);
    // A close event with the code follows at once. Node 22 omits it when the connection was refused.
    socket.addEventListener("error", () => {
      if (!isOver) timers.after(0, () => closed({ code: 1006 }));
    });
  } catch (error) {
    // The address is invalid. Reported later, because no handler is called before this returns.
    timers.after(0, () => fail(String(error)));
  }
  return {
    subscribe: (channel, auth) => send("pusher:subscribe", { channel, auth }),
    unsubscribe: (channel) => send("pusher:unsubscribe", { channel }),
    signIn: (auth, userData) => send("pusher:signin", { auth, user_data: userData }),
    ping: liveness.ping,
    close,
  };
}

function urlOf(options: SlimOptions): string {
  const { host, port, path, tls } = resolveAddress(options);
  const app = `${path}/app/${encodeURIComponent(options.key)}`;
  return `${tls ? "wss" : "ws"}://${host}:${port}${app}?protocol=7&client=querycast&version=1`;
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

/** Parses JSON text or copies an object, since brokers send both. Returns an empty object for anything else. */
function asObject(value: unknown): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = typeof value === "string" ? JSON.parse(value) : value;
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
