import { createHmac } from "node:crypto";
import { z } from "zod";
import { parseRolloutText, type RolloutText } from "./text/rollout-text.ts";

const required = (remedy: string) => z.string({ error: `is not set. ${remedy}` });
const port = z.coerce
  .number({ error: "is not a number. Give a port from 1 to 65535." })
  .int({ error: "is not a whole number. Give a port from 1 to 65535." })
  .min(1, { error: "is below 1. Give a port from 1 to 65535." })
  .max(65_535, { error: "is above 65535. Give a port from 1 to 65535." });
const trustedProxies = z.coerce
  .number({ error: "is not a number. Give the number of proxies in front of the site, e.g. 1." })
  .int({ error: "is not a whole number. Give the number of proxies in front of the site, e.g. 1." })
  .min(0, { error: "is below 0. Give the number of proxies in front of the site, e.g. 1." })
  .max(10, { error: "is above 10. Give the number of proxies in front of the site, e.g. 1." });
const flag = z
  .enum(["on", "off"], { error: 'is neither "on" nor "off". Give one of the two.' })
  .transform((value) => value === "on");
const databaseUrl = (remedy: string) =>
  // The library's parseConnectionString validates the rest before the first connection.
  required(remedy).regex(/^postgres(ql)?:\/\//, {
    error: "is not a Postgres URL. Use postgres://user:password@host:port/database.",
  });
const secret = (remedy: string) =>
  required(remedy).min(16, {
    error: "is shorter than 16 characters. Create one with `openssl rand -base64 32`.",
  });

/** A path in front of the broker as `/a/b`; "/" is none. */
const brokerPath = z
  .string()
  .regex(/^\/?(?:[\w~-][\w.~-]*(?:\/[\w~-][\w.~-]*)*)?\/?$/, {
    error: "is not a path. Use e.g. /soketi, or / for none.",
  })
  .transform((path) => path.replace(/^\/*/, "/").replace(/\/+$/, ""));
const cluster = z.string().regex(/^[a-z0-9-]{1,32}$/, {
  error: "is not a cluster of hosted Pusher. Use the name from its dashboard, e.g. eu or mt1.",
});

const rollout = z.string().transform((text, context) => {
  try {
    return parseRolloutText(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

/** A host as in a content security policy: with an optional port, or `*.` and a domain. */
const imageHosts = z.string().transform((text, context) => {
  const hosts = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const odd = hosts.find((host) => !/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?$/.test(host));
  if (odd === undefined) return hosts;
  const message = `names "${odd}", which is not a host. Use hosts such as images.example.org or *.example.org, separated by commas.`;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/** In ascending order of severity. */
export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** How signals reach browsers. */
export const transportNames = ["pusher", "slim", "sse", "pull"] as const;
export type TransportName = (typeof transportNames)[number];

const variables = z.object({
  DATABASE_URL: databaseUrl(
    "`npm run dev` starts a database; elsewhere use the URL of the login role.",
  ),
  DATABASE_OWNER_URL: databaseUrl("").optional(),
  DATABASE_RELAY_URL: databaseUrl("").optional(),
  NEXTAUTH_SECRET: secret("Create one with `openssl rand -base64 32`."),
  NEXTAUTH_URL: required("Use the public URL of the site, e.g. http://localhost:3000.").pipe(
    z
      .url({ protocol: /^https?$/, error: "is not a web URL. Use e.g. http://localhost:3000." })
      .refine((text) => !URL.canParse(text) || new URL(text).pathname === "/", {
        error:
          "has a path. Inkwell runs at the root of a host name. Use e.g. https://inkwell.example.org.",
      }),
  ),
  ALLOWED_ORIGINS: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ""))
    .pipe(
      z.array(
        z
          .url({
            protocol: /^https?$/,
            error:
              "is not a list of origins. Use e.g. https://www.example.org https://example.org.",
          })
          .transform((text) => new URL(text).origin),
      ),
    )
    .default([]),
  GITHUB_ID: z.string().optional(),
  GITHUB_SECRET: z.string().optional(),
  PUSHER_CLUSTER: cluster.optional(),
  SOKETI_HOST: z.string().optional(),
  SOKETI_PORT: port.optional(),
  SOKETI_TLS: flag.optional(),
  SOKETI_PATH: brokerPath.optional(),
  PUSHER_APP_ID: z.string().optional(),
  PUSHER_KEY: z.string().optional(),
  PUSHER_SECRET: z.string().optional(),
  PUSHER_PUBLIC_HOST: z.string().optional(),
  PUSHER_PUBLIC_PORT: port.optional(),
  PUSHER_PUBLIC_TLS: flag.optional(),
  PUSHER_PUBLIC_PATH: brokerPath.optional(),
  INNGEST_DEV: z.string().optional(),
  INNGEST_EVENT_KEY: z.string().optional(),
  INNGEST_SIGNING_KEY: z.string().optional(),
  QUERYCAST_SECRET: secret("").optional(),
  TRANSPORT: z
    .enum(transportNames, {
      error: `is not one of ${transportNames.join(", ")}. Use one of them, or leave it out.`,
    })
    .optional(),
  RELAY: flag.default(true),
  ROLLOUT: rollout.optional(),
  TRUSTED_PROXIES: trustedProxies.default(0),
  METRICS_TOKEN: secret("").optional(),
  IMAGE_HOSTS: imageHosts.default([]),
  DEMO_ACCOUNTS: flag.default(false),
  LOG_LEVEL: z
    .enum(logLevels, { error: `is not one of ${logLevels.join(", ")}. Use one of them.` })
    .default("info"),
});
type Variables = z.infer<typeof variables>;

/** Every variable the application reads. `.env.example` documents each of them. */
export const environmentNames: readonly string[] = Object.keys(variables.shape);

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

export interface Env {
  readonly databaseUrl: string;
  /** For migrations only. */
  readonly databaseOwnerUrl: string | null;
  /** For the relay, when `databaseUrl` leads to a pooler in transaction mode. */
  readonly databaseRelayUrl: string | null;
  readonly auth: {
    readonly secret: string;
    readonly url: string;
    readonly github: { readonly id: string; readonly secret: string } | null;
  };
  /** Allowed origins of requests: that of NEXTAUTH_URL, and those of ALLOWED_ORIGINS. */
  readonly allowedOrigins: readonly string[];
  /** Default: the broker when one is configured, else fetching alone. */
  readonly transport: TransportName;
  /** Null unless the transport needs it. */
  readonly broker: Broker | null;
  /** Authenticates cursors. */
  readonly querycastSecret: string;
  /** Keys the digest of page visitors, so that it does not reveal who they are. */
  readonly visitorSecret: string;
  /** Whether this process runs the relay. With streams every process follows the log. */
  readonly relay: boolean;
  /** Defaults of the rollout, which settings of admins override. Unlisted phases are on. */
  readonly rollout: RolloutText;
  /** How many proxies in front of the site append to `X-Forwarded-For`. With 0 the header is ignored. */
  readonly trustedProxies: number;
  /** Token that gives access to the metrics; null disables them. */
  readonly metricsToken: string | null;
  /** Hosts that images in articles may come from, over https. */
  readonly imageHosts: readonly string[];
  /** Whether the sign-in page offers the demo accounts of the seed, whose password is public. */
  readonly demoAccounts: boolean;
  /** Minimum level that is logged. */
  readonly logLevel: LogLevel;
}

/** The environment is invalid. The message lists each variable with its remedy. */
export class EnvError extends Error {
  override readonly name = "EnvError";
}

let parsed: Env | undefined;

/**
 * The environment of this process. It is validated at the first call and not at import, since a build has
 * no database.
 *
 * @throws EnvError
 */
export function env(): Env {
  parsed ??= readEnv(process.env);
  return parsed;
}

/** @throws EnvError */
export function readEnv(source: Readonly<Record<string, string | undefined>>): Env {
  // A line `NAME=` in a file means "not set".
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = variables.safeParse(given);
  const problems = result.success
    ? [...incompleteGroups(result.data), ...missingBroker(result.data), ...twoBrokers(result.data)]
    : result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  if (!result.success || problems.length > 0) {
    throw new EnvError(
      `The environment is invalid:\n${problems.map((each) => `- ${each}`).join("\n")}`,
    );
  }
  return toEnv(result.data);
}

const groups = [
  ["GITHUB_ID", "GITHUB_SECRET"],
  ["PUSHER_APP_ID", "PUSHER_KEY", "PUSHER_SECRET"],
] as const;

function incompleteGroups(values: Variables): string[] {
  return groups.flatMap((names) => {
    const missing = names.filter((name) => values[name] === undefined);
    if (missing.length === 0 || missing.length === names.length) return [];
    const present = names.filter((name) => values[name] !== undefined);
    return [
      `${missing.join(", ")} is not set, but ${present.join(", ")} is. Set all of them or none.`,
    ];
  });
}

function missingBroker({ TRANSPORT, PUSHER_CLUSTER, PUSHER_KEY }: Variables): string[] {
  if (PUSHER_KEY !== undefined) return [];
  const remedy = "but no broker is configured. Set PUSHER_APP_ID, PUSHER_KEY and PUSHER_SECRET.";
  return [
    ...(TRANSPORT && isOverBroker(TRANSPORT) ? [`TRANSPORT is ${TRANSPORT}, ${remedy}`] : []),
    ...(PUSHER_CLUSTER === undefined ? [] : [`PUSHER_CLUSTER is set, ${remedy}`]),
  ];
}

const isOverBroker = (transport: TransportName) => transport === "pusher" || transport === "slim";

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

function toEnv(values: Variables): Env {
  const { GITHUB_ID, GITHUB_SECRET } = values;
  const broker = toBroker(values);
  const transport = values.TRANSPORT ?? (broker === null ? "pull" : "pusher");
  return {
    databaseUrl: values.DATABASE_URL,
    databaseOwnerUrl: values.DATABASE_OWNER_URL ?? null,
    databaseRelayUrl: values.DATABASE_RELAY_URL ?? null,
    auth: {
      secret: values.NEXTAUTH_SECRET,
      url: values.NEXTAUTH_URL,
      github: GITHUB_ID && GITHUB_SECRET ? { id: GITHUB_ID, secret: GITHUB_SECRET } : null,
    },
    allowedOrigins: [...new Set([new URL(values.NEXTAUTH_URL).origin, ...values.ALLOWED_ORIGINS])],
    transport,
    broker: isOverBroker(transport) ? broker : null,
    querycastSecret: values.QUERYCAST_SECRET ?? derive(values.NEXTAUTH_SECRET, "querycast cursor"),
    visitorSecret: derive(values.NEXTAUTH_SECRET, "visitors of a page"),
    relay: values.RELAY || transport === "sse",
    rollout: values.ROLLOUT ?? { kinds: {}, phases: {} },
    trustedProxies: values.TRUSTED_PROXIES,
    metricsToken: values.METRICS_TOKEN ?? null,
    imageHosts: values.IMAGE_HOSTS,
    demoAccounts: values.DEMO_ACCOUNTS,
    logLevel: values.LOG_LEVEL,
  };
}

function toBroker(values: Variables): Broker | null {
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

/** Derives a separate secret for each purpose from the one that every site sets. */
function derive(from: string, purpose: string): string {
  return createHmac("sha256", from).update(purpose).digest("base64url");
}
