import { z } from "zod";
import { parseRolloutText } from "../text/rollout-text.ts";

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
/** The library, which gets QUERYCAST_SECRET, refuses a shorter one. */
const secretLength = 32;
const createSecret = "Create one with `openssl rand -base64 32`.";
const secret = required(createSecret).min(secretLength, {
  error: `is shorter than ${secretLength} characters. ${createSecret}`,
});

/** A path in front of the broker as `/a/b`; "/" means no path. */
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

/** 32 bytes in base64: a key of Ed25519. */
const isKey = (text: string) => Buffer.from(text, "base64").length === 32;
const evidenceKey = z.string().trim().refine(isKey, {
  error: "is not a key of 32 bytes. Create one with `openssl rand -base64 32`.",
});
const evidenceKeys = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .refine((keys) => keys.every(isKey), {
    error:
      "has a key that is not 32 bytes in base64. `npm run verify:evidence` prints public keys.",
  });

/** In ascending order of severity. */
export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** How signals reach browsers. */
export const transportNames = ["pusher", "slim", "sse", "pull"] as const;
export type TransportName = (typeof transportNames)[number];

/** What answers questions to the analyst of a publication. */
const analystProviders = ["built-in", "openai-compatible", "anthropic"] as const;

export const variables = z.object({
  DATABASE_URL: databaseUrl(
    "`npm run dev` starts a database; elsewhere use the URL of the login role.",
  ),
  DATABASE_OWNER_URL: databaseUrl("").optional(),
  DATABASE_RELAY_URL: databaseUrl("").optional(),
  NEXTAUTH_SECRET: secret,
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
  QUERYCAST_SECRET: secret.optional(),
  TRANSPORT: z
    .enum(transportNames, {
      error: `is not one of ${transportNames.join(", ")}. Use one of them, or leave it out.`,
    })
    .optional(),
  RELAY: flag.default(true),
  ROLLOUT: rollout.optional(),
  TRUSTED_PROXIES: trustedProxies.default(0),
  METRICS_TOKEN: secret.optional(),
  IMAGE_HOSTS: imageHosts.default([]),
  EVIDENCE_KEY: evidenceKey.optional(),
  EVIDENCE_PUBLIC_KEYS: evidenceKeys.default([]),
  SMTP_URL: z
    .url({
      protocol: /^smtps?$/,
      error:
        "is not an SMTP URL. Use e.g. smtps://user:password@mail.example.org, with % codes for special characters.",
    })
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n<>]*(<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, {
      error: "is not a sender. Use e.g. Inkwell <inkwell@example.org>.",
    })
    .optional(),
  ANALYST_PROVIDER: z
    .enum(analystProviders, {
      error: `is not one of ${analystProviders.join(", ")}. Use one of them, or leave it out.`,
    })
    .default("built-in"),
  ANALYST_BASE_URL: z
    .url({
      protocol: /^https?$/,
      error: "is not a web URL. Use e.g. https://llm.example.org/v1.",
    })
    .optional(),
  ANALYST_API_KEY: z.string().optional(),
  ANALYST_MODEL: z.string().optional(),
  DEMO_ACCOUNTS: flag.default(false),
  LOG_LEVEL: z
    .enum(logLevels, { error: `is not one of ${logLevels.join(", ")}. Use one of them.` })
    .default("info"),
});
export type Variables = z.infer<typeof variables>;

/** Every variable the application reads. `.env.example` documents each of them. */
export const environmentNames: readonly string[] = Object.keys(variables.shape);
