import type { Transport, TransportConnection, TransportHandlers } from "../../client/transport.ts";
import { type Clock, systemClock } from "../../protocol/clock.ts";
import { lazy } from "../lazy.ts";
import { type PusherAddress, resolveAddress } from "./address.ts";
import { isRefusal } from "./liveness.ts";
import {
  checkVersion,
  makeInstance,
  type OwnPusher,
  type PusherPackage,
  readCloseError,
  watchSocket,
} from "./own-instance.ts";
import { type PusherInstance, ride } from "./ride.ts";

export type { PusherAddress } from "./address.ts";
export type { PusherInstance } from "./ride.ts";

/** Options of {@link pusher}. */
export interface PusherOptions extends PusherAddress {
  /** Loads the package on the first connection. Default: `import("pusher-js")`. */
  readonly load?: () => Promise<unknown>;
  /** Default: the system clock. */
  readonly clock?: Clock;
}

/**
 * Creates a transport over a broker with the Pusher protocol, on the package `pusher-js` 8.2 or later.
 *
 * `pusher(instance)` uses the socket of the app's `Pusher` instance. The app's channels, handlers, user and connection
 * are not changed, and the instance decides when to reconnect. Events of signals also reach the app's global handlers
 * (`bind_global`). The transport does not sign a user in: call `instance.signin()` if the broker should be able to
 * close a user's connections. After a key rotation connections are refused until the app creates a new instance.
 *
 * `pusher({ key, … })` loads the package and creates an instance on the first connection.
 *
 * ```ts
 * const transport = pusher({ key: "app-key", host: "broker.example.com" });
 * ```
 *
 * @throws {TypeError} when neither a host nor a cluster is given, or for an instance of an older version.
 */
export function pusher(instance: PusherInstance, options?: { readonly clock?: Clock }): Transport;
export function pusher(options: PusherOptions): Transport;
export function pusher(
  source: PusherInstance | PusherOptions,
  { clock = systemClock }: { readonly clock?: Clock } = {},
): Transport {
  if ("connection" in source) return onInstance(source, clock);
  resolveAddress(source);
  let transport: Transport | undefined;
  return lazy({ name: "pusher", key: source.key }, async () => {
    transport ??= onPackage(asPackage(await (source.load ?? loadPackage)()), source);
    return transport;
  });
}

const loadPackage = (): Promise<unknown> => import("pusher-js");

/** Bundlers and Node wrap a CommonJS package in one or two `default` properties. */
function asPackage(loaded: unknown): PusherPackage {
  const { default: inner = loaded } = loaded as { default?: unknown };
  return (typeof inner === "function" ? inner : asPackage(inner)) as PusherPackage;
}

function onInstance(instance: PusherInstance, clock: Clock): Transport {
  checkVersion(instance);
  return {
    name: "pusher",
    key: instance.key,
    connect: (handlers, key = instance.key) => {
      const connection = ride(instance, handlers, { clock, isShared: true });
      if (key !== instance.key) {
        clock.after(0, () =>
          connection.fail({
            reason: "refused",
            message: `The server uses the app ${key}, the given Pusher instance ${instance.key}. Reload the page, or create a new instance.`,
          }),
        );
      }
      return connection;
    },
  };
}

/** Connects with instances created here, one per app key, since an instance's key cannot be changed. */
function onPackage(Pusher: PusherPackage, options: PusherOptions): Transport {
  let current: { readonly key: string; readonly instance: OwnPusher } | undefined;
  let attempts = 0;
  return {
    name: "pusher",
    key: options.key,
    connect: (handlers, key = options.key) => {
      attempts += 1;
      const attempt = attempts;
      current?.instance.disconnect();
      if (current?.key !== key) {
        current = { key, instance: makeInstance(Pusher, { ...options, key }) };
      }
      const { instance } = current;
      return attemptOn(instance, handlers, options.clock ?? systemClock, {
        isLatest: () => attempt === attempts,
        forget: () => {
          current = undefined;
        },
      });
    },
  };
}

function attemptOn(
  instance: OwnPusher,
  handlers: TransportHandlers,
  clock: Clock,
  { isLatest, forget }: { readonly isLatest: () => boolean; readonly forget: () => void },
): TransportConnection {
  const end = () => {
    stopWatching();
    if (!isLatest()) return;
    instance.disconnect();
    // Repeated after its handlers have run, since `pusher-js` schedules a reconnection in them, without jitter, after
    // every close code except 4001 to 4099.
    queueMicrotask(() => {
      if (isLatest()) instance.disconnect();
    });
  };
  const connection = ride(
    instance,
    {
      ...handlers,
      disconnected: (why) => {
        end();
        handlers.disconnected(why);
      },
    },
    {
      clock,
      isShared: false,
      onError: (error) => {
        const close = readCloseError(error);
        if (close !== undefined) closed(close.code, close.reason);
      },
    },
  );
  const closed = (code: number, reason: string) => {
    // After close code 4000 ("TLS only") the instance would ignore its options and always use TLS.
    if (code === 4000) forget();
    connection.fail({
      reason: isRefusal(code, connection.isConnected()) ? "refused" : "lost",
      message: reason || `The socket closed (${code}).`,
    });
  };
  const stopWatching = watchSocket(instance, closed);
  instance.connect();
  return {
    ...connection,
    close: () => {
      connection.close();
      end();
    },
  };
}
