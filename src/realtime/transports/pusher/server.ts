import type Pusher from "pusher";
import { messageEvent } from "../../protocol/ephemeral/message.ts";
import { limits } from "../../protocol/limits.ts";
import { encodeSignal } from "../../protocol/signal.ts";
import { toWireName } from "../../protocol/wire-name.ts";
import type { Broker, BrokerApps } from "../../server/ports.ts";
import { assertSocketId, assertWireName } from "./assert-signable.ts";
import { BrokerError } from "./broker-error.ts";
import { type BrokerResponse, callBroker } from "./call-broker.ts";
import { createCoalescer } from "./coalesce.ts";
import { createPusher, type PusherAppOptions } from "./create-pusher.ts";

/** The members used of an instance of the `pusher` package, 5.2 or later. */
export type PusherServer = Pick<
  Pusher,
  | "authorizeChannel"
  | "authenticateUser"
  | "get"
  | "terminateUserConnections"
  | "triggerBatch"
  | "webhook"
>;

/** Limits of a {@link PusherBroker}. */
export interface PusherBrokerSettings {
  /** Time limit of an HTTP call, up to the last byte of the response, in ms. Default 3000. */
  readonly timeoutMs?: number;
  /** Maximum number of concurrent HTTP calls. Default 4. */
  readonly concurrency?: number;
}

/** Options of {@link createPusherBroker} without an instance. */
export interface PusherBrokerOptions extends PusherAppOptions, PusherBrokerSettings {}

/** A broker with the Pusher protocol: Soketi, hosted Pusher and others. */
export interface PusherBroker extends Broker {
  /**
   * Signs for a socket. The viewer is not part of the signature in the Pusher protocol.
   *
   * @throws {ProtocolError} for an invalid socket id or a name that {@link toWireName} cannot return.
   */
  signJoin(socketId: string, wireName: string): Promise<string>;
  /** Returns the app the broker was created with. */
  apps(): Promise<BrokerApps>;
  /** Closes the broker's HTTP connections. Connections of a given instance stay open. */
  close(): void;
}

/** Maximum length of the response to a publish, which is a line of JSON. */
const answerBytes = 64 * 1024;
/** Maximum length of the list of occupied channels: enough for more than 100,000 of them. */
const listBytes = 16 * 1024 * 1024;

/**
 * Creates a broker that publishes to and signs for a broker with the Pusher protocol, on the package `pusher`.
 *
 * Pass the options of an app, or an instance of the package. Give your own instance a `timeout` and an `agent` with
 * `keepAlive`: calls reject after `timeoutMs` in any case, but without these their connections may stay open.
 *
 * Publishes are combined into batches of ten events, the limit of the Pusher protocol, and keep the order of each
 * channel. They resolve when the body of the broker's response accepts them, and reject with a `BrokerError`.
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
    readCounts((await call(() => pusher.get({ path: "/channels", params }), listBytes)).channels);

  const broker: PusherBroker = {
    publish: (deliveries) =>
      coalescer.push(
        deliveries.map(({ channel, accessEpoch, signal }) => ({
          channel: toWireName(channel, accessEpoch),
          name: signal.name,
          data: encodeSignal(signal),
        })),
      ),
    sendMessage: ({ channel, accessEpoch, data }) =>
      coalescer.push([{ channel: toWireName(channel, accessEpoch), name: messageEvent, data }]),
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
        // The package accepts only this value, and proxies may add a charset.
        "content-type": "application/json",
      };
      return pusher.webhook({ headers, rawBody }).isValid();
    },
    apps: async () => ({ current: key, signers: new Map([[key, broker]]) }),
    terminate: async (userId) => {
      await call(() => pusher.terminateUserConnections(toSegment(userId)));
    },
    countSubscriptions: async () => {
      const params = { filter_by_prefix: "private-" };
      try {
        return await listChannels({ ...params, info: "subscription_count" });
      } catch (error) {
        // Hosted Pusher refuses counts unless the app has enabled them, and then still lists channels.
        if ((error as BrokerError).code !== "refused") throw error;
        return listChannels(params);
      }
    },
    close,
  };
  return broker;
}

/**
 * Encodes a user id for the path, which the package does not do. Characters that a path segment allows are not encoded,
 * because Soketi compares without decoding: https://www.rfc-editor.org/rfc/rfc3986#section-3.3
 */
function toSegment(userId: string): string {
  return encodeURIComponent(userId).replace(/%(?:24|26|2B|2C|3A|3B|3D|40)/g, decodeURIComponent);
}

/** Reads the app's public key from a signature, the only place where the package exposes it. */
function keyOf(pusher: PusherServer): string {
  const { auth } = pusher.authorizeChannel("1.1", "private-querycast");
  return auth.slice(0, auth.lastIndexOf(":"));
}

function readCounts(channels: unknown): ReadonlyMap<string, number> {
  if (typeof channels !== "object" || channels === null) {
    throw new BrokerError(
      "unexpected_answer",
      "The broker's response contains no list of channels.",
    );
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
