import { type PusherAddress, resolveAddress } from "./address.ts";
import type { PusherInstance } from "./ride.ts";

/** What is used of the package's class beyond what it declares, on an instance that is ours alone. */
export interface OwnPusher extends PusherInstance {
  connect(): void;
  disconnect(): void;
  readonly connection: PusherInstance["connection"] & {
    unbind(event: string): unknown;
    /** Where a connection comes from: one that caches what worked, around another. */
    strategy?: { readonly strategy?: object };
  };
  readonly timeline?: {
    readonly uniqueID: number;
    info(entry: TimelineEntry): void;
    error(entry: TimelineEntry): void;
  };
}
export interface PusherPackage {
  new (key: string, options: object): OwnPusher;
  isReady: boolean;
  readonly instances: unknown[];
}
interface TimelineEntry {
  readonly cid?: number;
  readonly state?: string;
  readonly params?: { readonly code?: number; readonly reason?: string };
}

const oldest = [8, 2] as const;

/**
 * The version is in the instance's timeline only. Before 8.2 `pusher-js` gives WebSockets up after two
 * that broke.
 *
 * @throws TypeError for a version that is too old
 */
export function checkVersion(instance: object): void {
  const { timeline } = instance as { timeline?: { options?: { version?: string } } };
  const version = timeline?.options?.version;
  const [major = Number.NaN, minor = Number.NaN] = (version ?? "").split(".").map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new TypeError(
      `pusher-js is version ${version}, ${oldest.join(".")} or later is needed. Install a newer one, or use slim() from querycast/transports/pusher/slim.`,
    );
  }
}

/**
 * Makes an instance that opens nothing but the broker's WebSocket, and none before `connect()`.
 *
 * @throws TypeError for a version of the package that is too old
 */
export function makeInstance(Pusher: PusherPackage, address: PusherAddress): OwnPusher {
  const { host, port, path, tls } = resolveAddress(address);
  // The constructor connects once the document is ready. When to connect is the client's decision.
  const { isReady } = Pusher;
  Pusher.isReady = false;
  let instance: OwnPusher;
  try {
    instance = new Pusher(encodeURIComponent(address.key), {
      cluster: address.cluster ?? "",
      wsHost: host,
      wsPort: port,
      wssPort: port,
      wsPath: path,
      forceTLS: tls,
      // "ws" uses TLS if `forceTLS` is set. With "wss" a second socket follows the first after 2 s, and
      // with the others requests to hosts of hosted Pusher.
      enabledTransports: ["ws"],
      enableStats: false,
    });
  } finally {
    Pusher.isReady = isReady;
  }
  // All in this list are connected when the document is ready, and none leaves it.
  const index = Pusher.instances.indexOf(instance);
  if (index >= 0) Pusher.instances.splice(index, 1);
  checkVersion(instance);
  // The package's own handlers are for its channels and its user: an answer to a sign-in that its user
  // did not ask for, or a frame without an event, makes them throw.
  instance.connection.unbind("message");
  // The outer strategy writes what worked to localStorage, and repeats at once what did not.
  const { connection } = instance;
  if (connection.strategy?.strategy) connection.strategy = connection.strategy.strategy;
  return instance;
}

/**
 * Calls back when the socket of the attempt that begins now has closed. `pusher-js` reports a socket that
 * did not come up after 15 s, and a close after a second or not at all; only its timeline has each at once.
 *
 * @returns what ends it
 */
export function watchSocket(
  { timeline }: OwnPusher,
  onClosed: (code: number, reason: string) => void,
): () => void {
  if (timeline === undefined) return () => {};
  const before = timeline.uniqueID;
  timeline.info = ({ cid = before, state, params }) => {
    // Sockets of earlier attempts may close late.
    if (cid > before && state === "closed") onClosed(params?.code ?? 0, params?.reason ?? "");
  };
  timeline.error = ({ cid = before }) => {
    // A socket that fails closes with 1006; outside of browsers only after a while.
    if (cid > before) onClosed(1006, "");
  };
  return () => {
    timeline.info = () => {};
    timeline.error = () => {};
  };
}

/**
 * The close code in what an instance emits as `error`: that of a close, which comes with or without a
 * wrapper, or of the broker's own `pusher:error`. From 4300 on it is about one message.
 */
export function readCloseError(
  error: unknown,
): { readonly code: number; readonly reason: string } | undefined {
  const { error: inner, data } = (error ?? {}) as {
    error?: unknown;
    data?: { code?: unknown; message?: unknown };
  };
  if (typeof data?.code !== "number") return inner ? readCloseError(inner) : undefined;
  const reason = typeof data.message === "string" ? data.message : "";
  return data.code < 4300 ? { code: data.code, reason } : undefined;
}
