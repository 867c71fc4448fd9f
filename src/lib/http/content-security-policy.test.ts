import { expect, test } from "vitest";
import { contentSecurityPolicy, type PolicyOptions } from "./content-security-policy.ts";

const production: PolicyOptions = {
  nonce: "bm9uY2U=",
  broker: { key: "key", host: "live.example.org", port: 6001, tls: false },
  secure: false,
  github: false,
  imageHosts: [],
  development: false,
};
const directivesOf = (options: Partial<PolicyOptions> = {}) =>
  new Map(
    contentSecurityPolicy({ ...production, ...options })
      .split("; ")
      .map((directive) => {
        const [name = "", ...sources] = directive.split(" ");
        return [name, sources];
      }),
  );

test("scripts run by nonce alone: no host, nothing inline, nothing evaluated", () => {
  expect(directivesOf().get("script-src")).toEqual(["'nonce-bm9uY2U='", "'strict-dynamic'"]);
  expect(directivesOf().get("style-src")).toEqual(["'self'", "'nonce-bm9uY2U='"]);
});

test("sources that are not listed are refused, and no site can frame a page", () => {
  expect(directivesOf().get("default-src")).toEqual(["'none'"]);
  expect(directivesOf().get("frame-ancestors")).toEqual(["'none'"]);
  expect(directivesOf().get("base-uri")).toEqual(["'none'"]);
});

test("a page can connect to its own site and to the broker that is configured at run time", () => {
  expect(directivesOf().get("connect-src")).toEqual(["'self'", "ws://live.example.org:6001"]);
  expect(directivesOf({ broker: null }).get("connect-src")).toEqual(["'self'"]);
});

test("over https all connections are secure, including the socket", () => {
  const directives = directivesOf({ secure: true });
  expect(directives.get("connect-src")).toEqual(["'self'", "wss://live.example.org:6001"]);
  expect(directives.has("upgrade-insecure-requests")).toBe(true);
  expect(directivesOf().has("upgrade-insecure-requests")).toBe(false);
});

test("form-action includes GitHub only when sign-in with GitHub is configured", () => {
  expect(directivesOf().get("form-action")).toEqual(["'self'"]);
  expect(directivesOf({ github: true }).get("form-action")).toEqual([
    "'self'",
    "https://github.com",
  ]);
});

test("images load from the site, and over https from the allowed hosts", () => {
  expect(directivesOf().get("img-src")).toEqual(["'self'", "data:"]);
  expect(directivesOf({ imageHosts: ["img.example.org", "*.example.net"] }).get("img-src")).toEqual(
    ["'self'", "data:", "https://img.example.org", "https://*.example.net"],
  );
});
