import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EnvError, environmentNames, readEnv } from "./env.ts";

const least = {
  DATABASE_URL: "postgres://inkwell_app:secret@127.0.0.1:5432/inkwell",
  NEXTAUTH_SECRET: "sixteen characters or more",
  NEXTAUTH_URL: "http://localhost:3000",
};
const app = { PUSHER_APP_ID: "1", PUSHER_KEY: "key", PUSHER_SECRET: "secret" };

test(".env.example documents every variable that is read, and none that is not", () => {
  const text = readFileSync(new URL("../../.env.example", import.meta.url), "utf8");
  const documented = [...text.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);
  const onlyForScripts = ["PORT", "POSTGRES_PORT", "DATA_DIR"];
  expect(documented.sort()).toEqual([...environmentNames, ...onlyForScripts].sort());
});

test("without a broker's app there is no broker, and that is no error", () => {
  expect(readEnv(least).broker).toBeNull();
});

test("signals take the broker where there is one, and whatever else is chosen", () => {
  const chosen = (values: Record<string, string>) => {
    const { transport, broker, relay } = readEnv({ ...least, ...values });
    return [transport, broker !== null, relay];
  };
  expect(chosen({})).toEqual(["pull", false, true]);
  expect(chosen(app)).toEqual(["pusher", true, true]);
  expect(chosen({ ...app, TRANSPORT: "pull" })).toEqual(["pull", false, true]);
  expect(chosen({ ...app, TRANSPORT: "sse", RELAY: "off" })).toEqual(["sse", false, true]);
  expect(() => chosen({ TRANSPORT: "pusher" })).toThrow(/TRANSPORT is pusher, but no broker/);
  expect(() => chosen({ TRANSPORT: "soketi" })).toThrow(/TRANSPORT is none of pusher, sse, pull/);
});

test("browsers are sent where the server publishes unless told otherwise", () => {
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

test("what is public about the broker holds no secret", () => {
  expect(JSON.stringify(readEnv({ ...least, ...app }).broker?.public)).not.toContain("secret");
});

test("every wrong variable is named at once, each with its remedy", () => {
  const wrong = { DATABASE_URL: "mysql://x", NEXTAUTH_SECRET: "short", RELAY: "yes" };
  expect(() => readEnv(wrong)).toThrow(EnvError);
  expect(() => readEnv(wrong)).toThrow(/DATABASE_URL is no Postgres address\. Give postgres:/);
  expect(() => readEnv(wrong)).toThrow(/NEXTAUTH_SECRET is shorter than 16 characters\. Make one/);
  expect(() => readEnv(wrong)).toThrow(/NEXTAUTH_URL is not set\. Give the address/);
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
  expect(readEnv({ ...least, QUERYCAST_SECRET: "a secret of its own" }).querycastSecret).toBe(
    "a secret of its own",
  );
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
