import type http from "node:http";
import { isIPv6 } from "node:net";
import Pusher from "pusher";
import { createBoundedAgent } from "./bounded-agent.ts";

/** One app of a broker, and where the broker's HTTP API is. */
export interface PusherAppOptions {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
  /** Cluster of hosted Pusher, e.g. `eu`. Default `mt1`. */
  readonly cluster?: string;
  /** Host of any other broker. Default: `api-<cluster>.pusher.com`. */
  readonly host?: string;
  /** Default 443, or 80 without TLS. */
  readonly port?: number;
  /** Default true. */
  readonly tls?: boolean;
  /** A path in front of `/apps/…`, e.g. `/soketi`, which a proxy removes: requests are signed without it. */
  readonly path?: string | undefined;
  /** Default: one that keeps connections where the broker does. */
  readonly agent?: http.Agent;
}

/** Makes an instance of the `pusher` package. `close` drops its connections, unless the agent was given. */
export function createPusher(
  options: PusherAppOptions,
  { timeoutMs }: { readonly timeoutMs: number },
): { readonly pusher: Pusher; readonly close: () => void } {
  const { appId, key, secret, tls = true, agent } = options;
  const own = agent ?? createBoundedAgent({ tls, timeoutMs });
  const pusher = new Pusher({
    appId,
    key,
    secret,
    useTLS: tls,
    // The package puts the host in front of the path it signs: port and path of a proxy belong to it.
    host: authorityOf(options),
    // Our agent bounds a request to its end, and costs less than the package's timer.
    ...(agent !== undefined && { timeout: timeoutMs }),
    agent: own,
  });
  return { pusher, close: () => (agent === undefined ? own.destroy() : undefined) };
}

function authorityOf({ cluster = "mt1", host, port, path = "" }: PusherAppOptions): string {
  const name = host ?? `api-${cluster}.pusher.com`;
  const segments = path.split("/").filter((segment) => segment !== "");
  const authority = `${isIPv6(name) ? `[${name}]` : name}${port === undefined ? "" : `:${port}`}`;
  return [authority, ...segments].join("/");
}
