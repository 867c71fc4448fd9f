import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { environmentNames } from "./env/variables.ts";
import { EnvError, readEnv } from "./env.ts";

const least = {
  DATABASE_URL: "postgres://inkwell_app:secret@127.0.0.1:5432/inkwell",
  NEXTAUTH_SECRET: "a secret of at least 32 characters",
  NEXTAUTH_URL: "http://localhost:3000",
};
const app = { PUSHER_APP_ID: "1", PUSHER_KEY: "key", PUSHER_SECRET: "secret" };

test(".env.example documents every variable that is read, and none that is not", () => {
  const text = readFileSync(new URL("../../.env.example", import.meta.url), "utf8");
  const documented = [...text.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);
  const onlyForScripts = ["PORT", "POSTGRES_PORT", "DATA_DIR", "SOKETI_ALLOW"];
  expect(documented.sort()).toEqual([...environmentNames, ...onlyForScripts].sort());
});

test("docker-compose.yml passes every variable to the site, except the addresses of parts that it fixes", () => {
  const text = readFileSync(new URL("../../docker-compose.yml", import.meta.url), "utf8");
  const [, site = ""] = /^ {2}app:\n([\s\S]*?)^ {4}ports:/m.exec(text) ?? [];
  const passed = [...site.matchAll(/^ {6}([A-Z_]+): "?\$\{([A-Z_]+):-/gm)].map(([, name, from]) => {
    expect(from).toBe(name);
    return name;
  });
  const fixed = environmentNames.filter((name) =>
    /^(DATABASE_|SOKETI_|PUSHER_CLUSTER|INNGEST_DEV)/.test(name),
  );
  expect(passed.sort()).toEqual(
    environmentNames.filter((name) => !fixed.includes(name)).toSorted(),
  );
  const defaults = [...site.matchAll(/^ {6}([A-Z_]+): (.*)$/gm)].map(
    ([, name = "", value = ""]) => [
      name,
      value.replaceAll('"', "").replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, "$1"),
    ],
  );
  expect(() => readEnv(Object.fromEntries(defaults))).not.toThrow();
});

test("without a broker's app there is no broker, and that is no error", () => {
  expect(readEnv(least).broker).toBeNull();
});

test("signals go over the broker when one is configured, unless another transport is chosen", () => {
  const chosen = (values: Record<string, string>) => {
    const { transport, broker, relay } = readEnv({ ...least, ...values });
    return [transport, broker !== null, relay];
  };
  expect(chosen({})).toEqual(["pull", false, true]);
  expect(chosen(app)).toEqual(["pusher", true, true]);
  expect(chosen({ ...app, TRANSPORT: "pull" })).toEqual(["pull", false, true]);
  expect(chosen({ ...app, TRANSPORT: "sse", RELAY: "off" })).toEqual(["sse", false, true]);
  expect(chosen({ ...app, TRANSPORT: "slim" })).toEqual(["slim", true, true]);
  expect(() => chosen({ TRANSPORT: "slim" })).toThrow(/TRANSPORT is slim, but no broker/);
  expect(() => chosen({ TRANSPORT: "pusher" })).toThrow(/TRANSPORT is pusher, but no broker/);
  expect(() => chosen({ TRANSPORT: "soketi" })).toThrow(
    /TRANSPORT is not one of pusher, slim, sse, pull/,
  );
});

test("browsers connect to the address that the server publishes to, unless configured otherwise", () => {
  expect(readEnv({ ...least, ...app, SOKETI_PORT: "7001" }).broker?.public).toEqual({
    key: "key",
    host: "127.0.0.1",
    port: 7001,
    tls: false,
  });
  const apart = { PUSHER_PUBLIC_HOST: "live.example.org", PUSHER_PUBLIC_PORT: "443" };
  expect(readEnv({ ...least, ...app, ...apart, PUSHER_PUBLIC_TLS: "on" }).broker?.public).toEqual({
    key: "key",
    host: "live.example.org",
    port: 443,
    tls: true,
  });
});

test("PUSHER_CLUSTER alone is the address of hosted Pusher, for the server and for browsers", () => {
  const hosted = readEnv({ ...least, ...app, PUSHER_CLUSTER: "eu" }).broker;
  expect(hosted).toEqual({
    appId: "1",
    key: "key",
    secret: "secret",
    cluster: "eu",
    host: "api-eu.pusher.com",
    port: 443,
    tls: true,
    public: { key: "key", cluster: "eu", host: "ws-eu.pusher.com", port: 443, tls: true },
  });
});

test("a cluster beside the address of another broker is refused, and both are named", () => {
  const read = (values: Record<string, string>) => () => readEnv({ ...least, ...app, ...values });
  expect(read({ PUSHER_CLUSTER: "eu", SOKETI_HOST: "broker", PUSHER_PUBLIC_PORT: "443" })).toThrow(
    /PUSHER_CLUSTER is the address of hosted Pusher, but SOKETI_HOST, PUSHER_PUBLIC_PORT is set too\. Unset/,
  );
  expect(read({ PUSHER_CLUSTER: "ws-eu.pusher.com" })).toThrow(
    /PUSHER_CLUSTER is not a cluster of hosted Pusher\. Use the name/,
  );
  expect(() => readEnv({ ...least, PUSHER_CLUSTER: "eu" })).toThrow(
    /PUSHER_CLUSTER is set, but no broker is configured\. Set PUSHER_APP_ID/,
  );
});

test("a path in front of the broker counts for browsers too, unless they have one of their own", () => {
  const paths = (values: Record<string, string>) => {
    const broker = readEnv({ ...least, ...app, ...values }).broker;
    return [broker?.path, broker?.public.path];
  };
  expect(paths({})).toEqual([undefined, undefined]);
  expect(paths({ SOKETI_PATH: "soketi/" })).toEqual(["/soketi", "/soketi"]);
  expect(paths({ PUSHER_PUBLIC_PATH: "/live/v1" })).toEqual([undefined, "/live/v1"]);
  expect(paths({ SOKETI_PATH: "/soketi", PUSHER_PUBLIC_PATH: "/" })).toEqual([
    "/soketi",
    undefined,
  ]);
  for (const wrong of ["/../admin", "/a?b", "https://live.example.org/soketi", "//x", "/a b"]) {
    expect(() => paths({ SOKETI_PATH: wrong })).toThrow(
      /SOKETI_PATH is not a path\. Use e\.g\. \//,
    );
  }
});

test("what is public about the broker holds no secret", () => {
  expect(JSON.stringify(readEnv({ ...least, ...app }).broker?.public)).not.toContain("secret");
});

test("every wrong variable is named at once, each with its remedy", () => {
  const wrong = { DATABASE_URL: "mysql://x", NEXTAUTH_SECRET: "short", RELAY: "yes" };
  expect(() => readEnv(wrong)).toThrow(EnvError);
  expect(() => readEnv(wrong)).toThrow(/DATABASE_URL is not a Postgres URL\. Use postgres:/);
  expect(() => readEnv(wrong)).toThrow(
    /NEXTAUTH_SECRET is shorter than 32 characters\. Create one/,
  );
  expect(() => readEnv(wrong)).toThrow(/NEXTAUTH_URL is not set\. Use the public URL/);
  expect(() => readEnv(wrong)).toThrow(/RELAY is neither "on" nor "off"\. Give one/);
});

test("half a group is refused by name", () => {
  expect(() => readEnv({ ...least, PUSHER_KEY: "key" })).toThrow(
    /PUSHER_APP_ID, PUSHER_SECRET is not set, but PUSHER_KEY is\. Set all of them or none\./,
  );
});

test("an error never repeats a value", () => {
  expect(() => readEnv({ ...least, NEXTAUTH_SECRET: "hunter2" })).not.toThrow(/hunter2/);
});

test("an empty value counts as not set", () => {
  expect(readEnv({ ...least, RELAY: "", SOKETI_PORT: "" }).relay).toBe(true);
});

test("the cursor secret is derived when not given, and differs from what it is derived from", () => {
  const { querycastSecret } = readEnv(least);
  expect(querycastSecret).toHaveLength(43);
  expect(querycastSecret).toBe(readEnv(least).querycastSecret);
  const own = "another secret of 32 characters, too";
  expect(readEnv({ ...least, QUERYCAST_SECRET: own }).querycastSecret).toBe(own);
});

test("a secret of 32 characters is accepted, a shorter one is refused", () => {
  const shortest = "s".repeat(32);
  for (const each of ["QUERYCAST_SECRET", "NEXTAUTH_SECRET", "METRICS_TOKEN"]) {
    expect(() => readEnv({ ...least, [each]: shortest })).not.toThrow();
    expect(() => readEnv({ ...least, [each]: shortest.slice(1) })).toThrow(
      `- ${each} is shorter than 32 characters. Create one with \`openssl rand -base64 32\`.`,
    );
  }
});

test("an address of the site with a path is refused, because pages are at the root of a host name", () => {
  const at = (url: string) => readEnv({ ...least, NEXTAUTH_URL: url });
  for (const url of ["https://example.org/inkwell", "https://example.org/api/auth"]) {
    expect(() => at(url)).toThrow(
      /^The environment is invalid:\n- NEXTAUTH_URL has a path\. .* root of a host name\. Use e\.g\. https:/,
    );
  }
  expect(() => at("example")).toThrow(/NEXTAUTH_URL is not a web URL/);
  expect(at("https://example.org/").allowedOrigins).toEqual(["https://example.org"]);
});

test("ALLOWED_ORIGINS adds origins to that of NEXTAUTH_URL, and is refused when one is no web address", () => {
  const withOrigins = (text: string) => readEnv({ ...least, ALLOWED_ORIGINS: text });
  expect(readEnv(least).allowedOrigins).toEqual([new URL(least.NEXTAUTH_URL).origin]);
  expect(withOrigins("https://www.example.org/, http://127.0.0.1:3000").allowedOrigins).toEqual([
    new URL(least.NEXTAUTH_URL).origin,
    "https://www.example.org",
    "http://127.0.0.1:3000",
  ]);
  expect(() => withOrigins("www.example.org")).toThrow(/ALLOWED_ORIGINS.*is not a list of origins/);
});

test("hosts of images are listed with commas or spaces, and nothing else gets into the policy", () => {
  const hosts = (text: string) => readEnv({ ...least, IMAGE_HOSTS: text }).imageHosts;
  expect(readEnv(least).imageHosts).toEqual([]);
  expect(hosts("Img.example.org, *.example.net:8443")).toEqual([
    "img.example.org",
    "*.example.net:8443",
  ]);
  for (const odd of [
    "*",
    "https://a.example",
    "a.example; script-src *",
    "'self'",
    "a.example/x",
  ]) {
    expect(() => hosts(odd)).toThrow(/IMAGE_HOSTS names/);
  }
});

test("the keys of the evidence log are 32 bytes each, and without one nothing can be signed", () => {
  const key = Buffer.alloc(32, 1).toString("base64");
  expect(readEnv(least).evidence).toEqual({ signingKey: null, formerKeys: [] });
  const both = { EVIDENCE_KEY: key, EVIDENCE_PUBLIC_KEYS: `${key}, ${key}` };
  expect(readEnv({ ...least, ...both }).evidence).toEqual({
    signingKey: key,
    formerKeys: [key, key],
  });
  for (const name of ["EVIDENCE_KEY", "EVIDENCE_PUBLIC_KEYS"]) {
    const read = () => readEnv({ ...least, [name]: "short" });
    expect(read).toThrow(name);
    expect(read).not.toThrow("short");
  }
});

test("the analyst is built in, unless a provider is chosen with all that it needs", () => {
  expect(readEnv(least).analyst).toBeNull();
  expect(readEnv({ ...least, ANALYST_MODEL: "m" }).analyst).toBeNull();
  const local = { ANALYST_PROVIDER: "openai-compatible", ANALYST_BASE_URL: "http://localhost/v1" };
  expect(() => readEnv({ ...least, ...local })).toThrow(/ANALYST_MODEL is not set, but/);
  expect(readEnv({ ...least, ...local, ANALYST_MODEL: "m" }).analyst).toEqual({
    provider: "openai-compatible",
    model: "m",
    baseUrl: "http://localhost/v1",
    apiKey: null,
  });
  const hosted = { ANALYST_PROVIDER: "anthropic", ANALYST_MODEL: "m" };
  expect(() => readEnv({ ...least, ...hosted })).toThrow(/ANALYST_API_KEY is not set, but/);
  expect(() => readEnv({ ...least, ANALYST_PROVIDER: "other" })).toThrow(/ANALYST_PROVIDER is not/);
});

test("e-mails are sent when a server and a sender are set", () => {
  expect(readEnv(least).mail).toBeNull();
  const both = { SMTP_URL: "smtps://a:b@mail.example.org", MAIL_FROM: "Inkwell <ink@example.org>" };
  expect(readEnv({ ...least, ...both }).mail).toEqual({ url: both.SMTP_URL, from: both.MAIL_FROM });
  expect(() => readEnv({ ...least, SMTP_URL: both.SMTP_URL })).toThrow(/MAIL_FROM is not set, but/);
  for (const SMTP_URL of ["mail.example.org", "https://mail.example.org"]) {
    expect(() => readEnv({ ...least, ...both, SMTP_URL })).toThrow(/SMTP_URL is not an SMTP URL/);
  }
  for (const MAIL_FROM of ["Inkwell", "a@b\r\nBcc: c@d", "<a@b>, <c@d>"]) {
    expect(() => readEnv({ ...least, ...both, MAIL_FROM })).toThrow(/MAIL_FROM is not a sender/);
  }
});
