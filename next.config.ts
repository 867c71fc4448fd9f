import type { NextConfig } from "next";
import { workerFiles } from "./src/lib/rendering/worker-files.ts";

/** On every answer. What depends on the environment is added while it runs, in proxy.ts. */
const securityHeaders = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  // For browsers that do not know frame-ancestors.
  "X-Frame-Options": "DENY",
};

const routePolicy =
  "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

const release = process.env.RELEASE ?? "";

const config: NextConfig = {
  // Open pages of another release reload instead of mixing the two: see docs/operations.md.
  ...(release !== "" && { deploymentId: release }),
  env: { RELEASE: release },
  headers: async () => [
    {
      source: "/:path*",
      headers: Object.entries(securityHeaders).map(([key, value]) => ({ key, value })),
    },
    {
      // No document; should a browser show one as a page, it can load and do nothing.
      source: "/api/:path*",
      headers: [{ key: "Content-Security-Policy", value: routePolicy }],
    },
  ],
  // Two sites on one checkout (a running one and the tests') must not share a build folder.
  distDir: process.env.NEXT_DIST_DIR || ".next",
  output: process.env.NEXT_OUTPUT === "standalone" ? "standalone" : undefined,
  experimental: {
    // Fewer, larger chunks compress better: an article costs its readers 5 kB less, and other pages may load
    // a part of it again.
    turbopackChunking: {
      firstPageLoadPriority: 0.9,
      requestCost: 2_000_000,
      minChunkSize: 1_000_000,
      maxMergeChunkSize: 2_000_000,
    },
    // The largest thing people save is a gist: 200,000 characters. Beyond it an action answers 413.
    serverActions: { bodySizeLimit: "1mb" },
    // What Next keeps of a body while proxy.ts runs; it drops the rest.
    proxyClientMaxBodySize: "1200kb",
  },
  poweredByHeader: false,
  reactStrictMode: true,
  agentRules: false,
  // Development logs would print the arguments of server actions: passwords among them.
  // A line for each request would bury what `npm run dev` says to do first.
  logging: { serverFunctions: false, incomingRequests: false },
  // Native, worker-based, or with optional requires of their own: loaded by Node as they are, not bundled.
  serverExternalPackages: [
    "@node-rs/argon2",
    "@zxcvbn-ts/language-common",
    "piscina",
    "postgres",
    "prom-client",
    "pusher",
  ],
  // What a worker thread loads by path; the bundler does not see it.
  outputFileTracingIncludes: { "/**": workerFiles() },
};

export default config;
