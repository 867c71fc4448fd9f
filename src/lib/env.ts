import { createHmac } from "node:crypto";
import { type Broker, brokerProblems, isOverBroker, toBroker } from "./env/broker.ts";
import { type LogLevel, type TransportName, type Variables, variables } from "./env/variables.ts";
import type { RolloutText } from "./text/rollout-text.ts";

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
  /** Encrypts cursors and secrets of broker apps, and signs the requests of streams. */
  readonly querycastSecret: string;
  /** Keys the digest of page visitors, so that it does not reveal who they are. */
  readonly visitorSecret: string;
  /** Whether this process runs the relay. With streams every process follows the log for its own. */
  readonly relay: boolean;
  /** Defaults of the rollout, which settings of admins override. Unlisted phases are on. */
  readonly rollout: RolloutText;
  /** How many proxies in front of the site append to `X-Forwarded-For`. With 0 the header is ignored. */
  readonly trustedProxies: number;
  /** Token that gives access to the metrics; null disables them. */
  readonly metricsToken: string | null;
  /** Hosts that images in articles may come from, over https. */
  readonly imageHosts: readonly string[];
  readonly evidence: {
    /** Signs observations; null: none can be recorded. */
    readonly signingKey: string | null;
    /** Public keys of former signing keys. */
    readonly formerKeys: readonly string[];
  };
  /** How e-mails are sent; null: none are. */
  readonly mail: { readonly url: string; readonly from: string } | null;
  /** The model that answers questions to the analyst; null: the built-in reasoner does. */
  readonly analyst: {
    readonly provider: "openai-compatible" | "anthropic";
    /** Null: the address of the provider. */
    readonly baseUrl: string | null;
    readonly apiKey: string | null;
    readonly model: string;
  } | null;
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
    ? [
        ...incompleteGroups(result.data),
        ...brokerProblems(result.data),
        ...analystProblems(result.data),
      ]
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
  ["SMTP_URL", "MAIL_FROM"],
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

function analystProblems(values: Variables): string[] {
  const { ANALYST_PROVIDER: provider, ANALYST_BASE_URL, ANALYST_API_KEY, ANALYST_MODEL } = values;
  if (provider === "built-in") return [];
  const needed =
    provider === "anthropic"
      ? { ANALYST_MODEL, ANALYST_API_KEY }
      : { ANALYST_MODEL, ANALYST_BASE_URL };
  return Object.entries(needed)
    .filter(([, value]) => value === undefined)
    .map(([name]) => `${name} is not set, but ANALYST_PROVIDER is ${provider}. Set it.`);
}

function toAnalyst(values: Variables): Env["analyst"] {
  const { ANALYST_PROVIDER: provider, ANALYST_MODEL: model } = values;
  if (provider === "built-in" || model === undefined) return null;
  const { ANALYST_BASE_URL: baseUrl = null, ANALYST_API_KEY: apiKey = null } = values;
  return { provider, model, baseUrl, apiKey };
}

function toEnv(values: Variables): Env {
  const { GITHUB_ID, GITHUB_SECRET, SMTP_URL, MAIL_FROM } = values;
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
    evidence: {
      signingKey: values.EVIDENCE_KEY ?? null,
      formerKeys: values.EVIDENCE_PUBLIC_KEYS,
    },
    mail: SMTP_URL && MAIL_FROM ? { url: SMTP_URL, from: MAIL_FROM } : null,
    analyst: toAnalyst(values),
    demoAccounts: values.DEMO_ACCOUNTS,
    logLevel: values.LOG_LEVEL,
  };
}

/** Derives a separate secret for each purpose from the one that every site sets. */
function derive(from: string, purpose: string): string {
  return createHmac("sha256", from).update(purpose).digest("base64url");
}
