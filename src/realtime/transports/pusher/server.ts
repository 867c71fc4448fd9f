import type Pusher from "pusher";
import { limits } from "../../protocol/limits.ts";
import { encodeSignal } from "../../protocol/signal.ts";
import { toWireName } from "../../protocol/wire-name.ts";
import type { Broker, BrokerApps } from "../../server/ports.ts";
import { assertSocketId, assertWireName } from "./assert-signable.ts";
import { BrokerError } from "./broker-error.ts";
import { type BrokerResponse, callBroker } from "./call-broker.ts";
import { createCoalescer } from "./coalesce.ts";
import { createPusher, type PusherAppOptions } from "./create-pusher.ts";

/** What is used of an instance of the `pusher` package, 5.2 or newer. */
export type PusherServer = Pick<
  Pusher,
  | "authorizeChannel"
  | "authenticateUser"
  | "get"
  | "terminateUserConnections"
  | "triggerBatch"
  | "webhook"
>;

export interface PusherBrokerSettings {
  /** From a call to the last byte of its answer, in milliseconds. Default 3000. */
  readonly timeoutMs?: number;
  /** Calls in flight. Default 4. */
  readonly concurrency?: number;
}

export interface PusherBrokerOptions extends PusherAppOptions, PusherBrokerSettings {}

/** A broker that speaks the Pusher protocol: Soketi, hosted Pusher and others. */
export interface PusherBroker extends Broker {
  /**
   * The protocol knows sockets and no viewers.
   *
   * @throws {ProtocolError} for what is no socket id, or no name that {@link toWireName} makes.
   */
  signJoin(socketId: string, wireName: string): Promise<string>;
  /** The one it was made with. */
  apps(): Promise<BrokerApps>;
  /** Drops the connections that this broker has opened. An instance that was given keeps its own. */
  close(): void;
}

/** The answer to a publish is a line of JSON. */
const answerBytes = 64 * 1024;
/** A list of all occupied channels: more than 100,000 of them. */
const listBytes = 16 * 1024 * 1024;

/**
 * Publishes to a Pusher-protocol broker, and signs for it, by the `pusher` package.
 *
 * Takes the options of one app, or the app's own instance. Give an instance of yours a `timeout` and an
 * `agent` with `keepAlive`: calls are given up after `timeoutMs` either way, but their connections are
 * then left to the system.
 *
 * Its publishes fill batches of ten events, keep the order of each channel, and count only when the body of
 * the broker's answer accepts them. They reject with a `BrokerError`.
 *
 * @example
 * const pusher = new Pusher({ appId, key, secret, cluster: "eu", useTLS: true, timeout: 3000 });
 * const broker = createPusherBroker(pusher);
 */
export function createPusherBroker(options: PusherBrokerOptions): PusherBroker;
export function createPusherBroker(
  pusher: PusherServer,
  settings?: PusherBrokerSettings,
): PusherBroker;
export function createPusherBroker(
  given: PusherBrokerOptions | PusherServer,
  settings?: PusherBrokerSettings,
): PusherBroker {
  const isInstance = "triggerBatch" in given;
  const { timeoutMs = 3000, concurrency = 4 } = settings ?? (isInstance ? {} : given);
  const { pusher, close } =
    "triggerBatch" in given
      ? { pusher: given, close: () => {} }
      : createPusher(given, { timeoutMs });
  const key = keyOf(pusher);

  const call = (send: () => Promise<BrokerResponse>, bytesAtMost = answerBytes) =>
    callBroker(send, { timeoutMs, bytesAtMost });
  const coalescer = createCoalescer({
    batchSize: limits.eventsPerBatch,
    concurrency,
    send: async (batch) => {
      await call(() => pusher.triggerBatch([...batch]));
    },
  });
  const listChannels = async (params: Readonly<Record<string, string>>) =>
    readAudience((await call(() => pusher.get({ path: "/channels", params }), listBytes)).channels);

  const broker: PusherBroker = {
    publish: (deliveries) =>
      coalescer.push(
        deliveries.map(({ channel, accessEpoch, signal }) => ({
          channel: toWireName(channel, accessEpoch),
          name: signal.name,
          data: encodeSignal(signal),
        })),
      ),
    signJoin: async (socketId, wireName) => {
      assertSocketId(socketId);
      assertWireName(wireName);
      return pusher.authorizeChannel(socketId, wireName).auth;
    },
    signUser: async (socketId, userId) => {
      assertSocketId(socketId);
      const { auth, user_data: userData } = pusher.authenticateUser(socketId, { id: userId });
      return { auth, userData };
    },
    hasSigned: (rawBody, signature) => {
      const headers = {
        "x-pusher-key": key,
        "x-pusher-signature": signature,
        // The package takes this spelling only, and proxies add a charset.
        "content-type": "application/json",
      };
      return pusher.webhook({ headers, rawBody }).isValid();
    },
    apps: async () => ({ current: key, signers: new Map([[key, broker]]) }),
    terminate: async (userId) => {
      await call(() => pusher.terminateUserConnections(toSegment(userId)));
    },
    audience: async () => {
      const params = { filter_by_prefix: "private-" };
      try {
        return await listChannels({ ...params, info: "subscription_count" });
      } catch (error) {
        // Hosted Pusher counts only for apps that asked for it, and lists all the same.
        if ((error as BrokerError).code !== "refused") throw error;
        return listChannels(params);
      }
    },
    close,
  };
  return broker;
}

/**
 * The package puts the id into the path as it is. Soketi compares without decoding, so what a segment of a path
 * may hold stays as it is: https://www.rfc-editor.org/rfc/rfc3986#section-3.3
 */
function toSegment(userId: string): string {
  return encodeURIComponent(userId).replace(/%(?:24|26|2B|2C|3A|3B|3D|40)/g, decodeURIComponent);
}

/** The app's public key. The package shows it in signatures only. */
function keyOf(pusher: PusherServer): string {
  const { auth } = pusher.authorizeChannel("1.1", "private-querycast");
  return auth.slice(0, auth.lastIndexOf(":"));
}

function readAudience(channels: unknown): ReadonlyMap<string, number> {
  if (typeof channels !== "object" || channels === null) {
    throw new BrokerError("unexpected_answer", "The broker did not list its channels.");
  }
  return new Map(
    Object.entries(channels).map(([wireName, { subscription_count: count }]) => [
      wireName,
      typeof count === "number" ? count : 1,
    ]),
  );
}

export type { BrokerError, BrokerErrorCode } from "./broker-error.ts";
export type { PusherAppOptions } from "./create-pusher.ts";
export {
  createWebhookHandler,
  type WebhookEvent,
  type WebhookHandlerOptions,
} from "./webhook.ts";
