import http from "node:http";
import https from "node:https";
import { limits } from "../../protocol/limits.ts";
import { encodeSignal } from "../../protocol/signal.ts";
import { toWireName } from "../../protocol/wire-name.ts";
import type { Broker, BrokerApps } from "../../server/ports.ts";
import { BrokerError } from "./broker-error.ts";
import { createCoalescer } from "./coalesce.ts";
import { exchange } from "./exchange.ts";
import { readAnswer } from "./read-answer.ts";
import { type Credentials, hmac, isSame, signQuestion, signRequest } from "./sign.ts";

export interface PusherBrokerOptions extends Credentials {
  /** Default `api-mt1.pusher.com`, as for hosted Pusher. */
  readonly host?: string;
  /** Default 443, or 80 without TLS. */
  readonly port?: number;
  /** Default true. */
  readonly tls?: boolean;
  /** Default: one of its own that keeps connections where the broker does. */
  readonly agent?: http.Agent;
  /** Default 3000. */
  readonly timeoutMs?: number;
  /** Calls in flight. Default 4. */
  readonly concurrency?: number;
  /** Milliseconds since 1970, for signatures; brokers refuse clocks that are 600 s off. Default `Date.now`. */
  readonly now?: () => number;
}

/** A broker that speaks the Pusher protocol: Soketi, hosted Pusher and others. */
export interface PusherBroker extends Broker {
  /** The protocol knows sockets and no viewers. */
  signJoin(socketId: string, wireName: string): Promise<string>;
  /** The one it was made with. */
  apps(): Promise<BrokerApps>;
  /** Drops idle connections. */
  close(): void;
}

export function createPusherBroker(options: PusherBrokerOptions): PusherBroker {
  const { appId, key, secret, tls = true, timeoutMs = 3000, concurrency = 4 } = options;
  const { host = "api-mt1.pusher.com", port = tls ? 443 : 80, now = Date.now } = options;
  const agent =
    options.agent ?? new (tls ? https : http).Agent({ keepAlive: true, maxSockets: concurrency });

  const call = async (path: string, content: object) => {
    const body = JSON.stringify(content);
    const target = signRequest({ appId, key, secret }, `/apps/${appId}${path}`, body, now());
    const answer = await exchange({ host, port, tls, agent, timeoutMs }, target, body);
    readAnswer(answer.status, answer.body);
  };
  const ask = async (path: string, parameters: string) => {
    const target = signQuestion({ appId, key, secret }, `/apps/${appId}${path}`, parameters, now());
    const answer = await exchange({ host, port, tls, agent, timeoutMs }, target);
    return readAnswer(answer.status, answer.body);
  };
  const coalescer = createCoalescer({
    batchSize: limits.eventsPerBatch,
    concurrency,
    send: (batch) => call("/batch_events", { batch }),
  });

  const broker: PusherBroker = {
    publish: (deliveries) =>
      coalescer.push(
        deliveries.map(({ channel, accessEpoch, signal }) => ({
          channel: toWireName(channel, accessEpoch),
          name: signal.name,
          data: encodeSignal(signal),
        })),
      ),
    signJoin: async (socketId, wireName) => `${key}:${hmac(secret, `${socketId}:${wireName}`)}`,
    signUser: async (socketId, userId) => {
      const userData = JSON.stringify({ id: userId });
      return { auth: `${key}:${hmac(secret, `${socketId}::user::${userData}`)}`, userData };
    },
    hasSigned: (body, signature) => isSame(hmac(secret, body), signature),
    apps: async () => ({ current: key, signers: new Map([[key, broker]]) }),
    terminate: (userId) => call(`/users/${encodeURIComponent(userId)}/terminate_connections`, {}),
    audience: async () => {
      const parameters = "filter_by_prefix=private-";
      // Hosted Pusher refuses to count for apps that have not asked for it, and lists all the same.
      const answer = await ask("/channels", `${parameters}&info=subscription_count`).catch(() =>
        ask("/channels", parameters),
      );
      return readAudience(answer.channels);
    },
    close: () => agent.destroy(),
  };
  return broker;
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

export {
  createWebhookHandler,
  type WebhookEvent,
  type WebhookHandlerOptions,
} from "./webhook.ts";
