import type http from "node:http";
import { isIPv6 } from "node:net";
import Pusher from "pusher";
import { createBoundedAgent } from "./bounded-agent.ts";

/** Credentials of an app, and the address of the broker's HTTP API. */
export interface PusherAppOptions {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
  /** Cluster of hosted Pusher, e.g. `eu`. Default `mt1`. */
  readonly cluster?: string;
  /** Host of another broker. Default: `api-<cluster>.pusher.com`. */
  readonly host?: string;
  /** Default 443, or 80 without TLS. */
  readonly port?: number;
  /** Default true. */
  readonly tls?: boolean;
  /** Path before `/apps/…`, e.g. `/soketi`, which a proxy removes. Requests are signed without it. */
  readonly path?: string | undefined;
  /** Default: an agent with keep-alive and a time limit. */
  readonly agent?: http.Agent;
}

/** Creates an instance of the `pusher` package. `close` closes its connections unless `options.agent` was given. */
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
    // The package does not sign the host, so the host includes the port and the proxy's path.
    host: authorityOf(options),
    // The default agent limits a request up to its end, and costs less CPU than the package's timer.
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
