import { type PusherAddress, resolveAddress } from "./address.ts";
import type { PusherInstance } from "./ride.ts";

/** Undeclared members of the package's class, used only on instances created here. */
export interface OwnPusher extends PusherInstance {
  connect(): void;
  disconnect(): void;
  readonly connection: PusherInstance["connection"] & {
    unbind(event: string): unknown;
    /** Connection strategy: a caching strategy that wraps another one. */
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
 * Checks the version, which only the instance's timeline contains. Before 8.2 `pusher-js` stops using WebSockets after
 * two of them failed.
 *
 * @throws {TypeError} for a version below 8.2.
 */
export function checkVersion(instance: object): void {
  const { timeline } = instance as { timeline?: { options?: { version?: string } } };
  const version = timeline?.options?.version;
  const [major = Number.NaN, minor = Number.NaN] = (version ?? "").split(".").map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new TypeError(
      `pusher-js is version ${version}, ${oldest.join(".")} or later is required. Update it, or use querycast/transports/pusher/slim.`,
    );
  }
}

/**
 * Creates an instance that opens only the broker's WebSocket, and not before `connect()`.
 *
 * @throws {TypeError} for a version of the package below 8.2.
 */
export function makeInstance(Pusher: PusherPackage, address: PusherAddress): OwnPusher {
  const { host, port, path, tls } = resolveAddress(address);
  // The constructor would connect if the document is ready; the client decides when to connect.
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
  // The package connects all instances in this list when the document is ready, and never removes one.
  const index = Pusher.instances.indexOf(instance);
  if (index >= 0) Pusher.instances.splice(index, 1);
  checkVersion(instance);
  // The package's handlers serve its own channels and user. They throw for an answer to a sign-in that was not sent by
  // its user, and for a frame without an event.
  instance.connection.unbind("message");
  // The caching strategy writes successful transports to localStorage and retries failed ones at once.
  const { connection } = instance;
  if (connection.strategy?.strategy) connection.strategy = connection.strategy.strategy;
  return instance;
}

/**
 * Calls `onClosed` when the socket of the attempt that begins now has closed. `pusher-js` emits a failed connection
 * after 15 s, and a close after 1 s or never; its timeline records both at once.
 *
 * @returns a function that stops watching
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
    // A failed socket closes with 1006; outside of browsers the close event may be late.
    if (cid > before) onClosed(1006, "");
  };
  return () => {
    timeline.info = () => {};
    timeline.error = () => {};
  };
}

/**
 * Returns the close code of an instance's `error` event: of a socket close, with or without a wrapper, or of the
 * broker's `pusher:error`. Codes from 4300 concern one message and return undefined.
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
