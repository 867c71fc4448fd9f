import type { TransportName, Variables } from "./variables.ts";

/** What browsers need for live updates. It contains no secret. */
export type PublicTransport =
  /** Over a broker: with the package `pusher-js`, or with a smaller socket of the library. */
  | ({ readonly type: "pusher" | "slim" } & PublicBroker)
  | { readonly type: "sse" }
  | { readonly type: "pull" };

/** What browsers need to connect to the broker. It contains no secret. */
export interface PublicBroker extends BrokerAddress {
  readonly key: string;
}

/** Complete address: with a cluster, `host`, `port` and `tls` are those of hosted Pusher. */
export interface BrokerAddress {
  /** Cluster of hosted Pusher, e.g. `eu`. Absent for every other broker. */
  readonly cluster?: string;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** A path in front of the broker, e.g. `/soketi`, without a trailing slash. Absent: none. */
  readonly path?: string;
}

/** One app of a broker, with the address that the server publishes to. */
export interface Broker extends BrokerAddress {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
  /** Address for browsers, read at run time, so that one build works in every environment. */
  readonly public: PublicBroker;
}

/** Returns what is wrong with the variables of the broker, each problem with its remedy. */
export function brokerProblems(values: Variables): string[] {
  return [...missingBroker(values), ...twoBrokers(values)];
}

function missingBroker({ TRANSPORT, PUSHER_CLUSTER, PUSHER_KEY }: Variables): string[] {
  if (PUSHER_KEY !== undefined) return [];
  const remedy = "but no broker is configured. Set PUSHER_APP_ID, PUSHER_KEY and PUSHER_SECRET.";
  return [
    ...(TRANSPORT && isOverBroker(TRANSPORT) ? [`TRANSPORT is ${TRANSPORT}, ${remedy}`] : []),
    ...(PUSHER_CLUSTER === undefined ? [] : [`PUSHER_CLUSTER is set, ${remedy}`]),
  ];
}

export const isOverBroker = (transport: TransportName) =>
  transport === "pusher" || transport === "slim";

const ownBroker = [
  "SOKETI_HOST",
  "SOKETI_PORT",
  "SOKETI_TLS",
  "SOKETI_PATH",
  "PUSHER_PUBLIC_HOST",
  "PUSHER_PUBLIC_PORT",
  "PUSHER_PUBLIC_TLS",
  "PUSHER_PUBLIC_PATH",
] as const;

function twoBrokers(values: Variables): string[] {
  const others = ownBroker.filter((name) => values[name] !== undefined);
  if (values.PUSHER_CLUSTER === undefined || others.length === 0) return [];
  return [
    `PUSHER_CLUSTER is the address of hosted Pusher, but ${others.join(", ")} is set too. Unset PUSHER_CLUSTER, or the others.`,
  ];
}

/** Returns null when no app of a broker is configured. */
export function toBroker(values: Variables): Broker | null {
  const { PUSHER_APP_ID: appId, PUSHER_KEY: key, PUSHER_SECRET: secretKey } = values;
  if (!(appId && key && secretKey)) return null;
  const app = { appId, key, secret: secretKey };
  const { PUSHER_CLUSTER: name } = values;
  if (name !== undefined) {
    const hosted = (host: string) => ({ cluster: name, host, port: 443, tls: true });
    return {
      ...app,
      ...hosted(`api-${name}.pusher.com`),
      public: { key, ...hosted(`ws-${name}.pusher.com`) },
    };
  }
  const own = toAddress({
    host: values.SOKETI_HOST ?? "127.0.0.1",
    port: values.SOKETI_PORT ?? 6001,
    tls: values.SOKETI_TLS ?? false,
    path: values.SOKETI_PATH ?? "",
  });
  const forPages = toAddress({
    host: values.PUSHER_PUBLIC_HOST ?? own.host,
    port: values.PUSHER_PUBLIC_PORT ?? own.port,
    tls: values.PUSHER_PUBLIC_TLS ?? own.tls,
    path: values.PUSHER_PUBLIC_PATH ?? own.path ?? "",
  });
  return { ...app, ...own, public: { key, ...forPages } };
}

const toAddress = ({ path, ...rest }: BrokerAddress): BrokerAddress =>
  path ? { ...rest, path } : rest;
