import { type Clock, systemClock } from "../../client/clock.ts";
import type { Transport, TransportConnection, TransportHandlers } from "../../client/transport.ts";
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

export interface PusherOptions extends PusherAddress {
  /** Loads the package. Default: `import("pusher-js")`, when the first channel is wanted. */
  readonly load?: () => Promise<unknown>;
  readonly clock?: Clock;
}

/**
 * Signals over any broker that speaks the Pusher protocol, on the package `pusher-js` 8.2 or later.
 *
 * `pusher(instance)` uses the socket of a `Pusher` that the app has. The app's channels, handlers, user and
 * connection stay as they are: the instance decides when to reconnect, and signals follow it. Events of
 * signals pass the app's global handlers (`bind_global`), too. Nobody is signed in by it; an app that wants
 * the broker to end a user's connections calls `instance.signin()`. When the server rotates keys, the
 * instance has to be replaced by the app: until then connections are refused.
 *
 * `pusher({ key, … })` makes an instance, by `import("pusher-js")` when the first channel is wanted.
 *
 * @throws TypeError when neither a host nor a cluster is given, or for an instance of an older version
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

/** Bundlers and Node wrap a package of the older kind in one or two defaults. */
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
            message: `The server uses the app ${key} by now, and the given Pusher instance is of ${instance.key}. Reload the page, or make another instance.`,
          }),
        );
      }
      return connection;
    },
  };
}

/** Attempts on instances of our own, one for each app key: a key is fixed when an instance is made. */
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
    // From inside its own handlers `pusher-js` plans the next attempt after this: it reconnects after
    // every close but those of 4001 to 4099, without jitter.
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
    // After 4000 ("TLS only") the instance would use TLS from now on, whatever it was made with.
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
