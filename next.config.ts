import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NextConfig } from "next";
import { PHASE_PRODUCTION_SERVER } from "next/constants";
import { workerFiles } from "./src/lib/rendering/worker-files.ts";

/** Sent with every response. proxy.ts adds the headers that depend on the environment. */
const securityHeaders = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  // For browsers without support for frame-ancestors.
  "X-Frame-Options": "DENY",
};

const routePolicy =
  "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

const release = process.env.RELEASE ?? "";
// A running site and the tests of the same checkout need separate build folders.
const distDir = process.env.NEXT_DIST_DIR || ".next";

/** The release of the build. `next start` reads this file again, and may have another `RELEASE`. */
function builtRelease(): string {
  const built = JSON.parse(readFileSync(join(distDir, "required-server-files.json"), "utf8"));
  return built.config.deploymentId ?? "";
}

const createConfig = (deploymentId: string): NextConfig => ({
  // Open pages of another release reload instead of mixing both releases. See docs/operations.md.
  ...(deploymentId !== "" && { deploymentId }),
  env: { BUILT_RELEASE: release },
  headers: async () => [
    {
      source: "/:path*",
      headers: Object.entries(securityHeaders).map(([key, value]) => ({ key, value })),
    },
    {
      // API responses are not documents. A browser that shows one as a page must load and run nothing.
      source: "/api/:path*",
      headers: [{ key: "Content-Security-Policy", value: routePolicy }],
    },
  ],
  distDir,
  // `npm run types` checks the types, those of the tests too. A build would check them once more.
  typescript: { ignoreBuildErrors: true },
  output: process.env.NEXT_OUTPUT === "standalone" ? "standalone" : undefined,
  // Every browser of `browserslist` in package.json has what these polyfills add.
  turbopack: {
    resolveAlias: { "../build/polyfills/polyfill-module": "./src/lib/no-polyfills.ts" },
  },
  experimental: {
    // Loading all pages before the first answer takes 2 s and 80 MB. The first request of a page takes 40 ms more.
    preloadEntriesOnStart: false,
    // Fewer, larger chunks compress better: an article page is 5 kB smaller. Other pages may load some code
    // twice.
    turbopackChunking: {
      firstPageLoadPriority: 0.9,
      requestCost: 2_000_000,
      minChunkSize: 1_000_000,
      maxMergeChunkSize: 2_000_000,
    },
    // The largest input is a gist: 200,000 characters. `boundRequests` answers 413 to larger bodies.
    serverActions: { bodySizeLimit: "1mb" },
    // Next truncates bodies to this size when proxy.ts is present.
    proxyClientMaxBodySize: "1200kb",
  },
  poweredByHeader: false,
  reactStrictMode: true,
  agentRules: false,
  // serverFunctions would log the arguments of server actions, including passwords.
  // incomingRequests would push the first steps of `npm run dev` out of view.
  logging: { serverFunctions: false, incomingRequests: false },
  // Not bundled: native modules, packages that start workers, and packages with optional requires.
  serverExternalPackages: [
    "@node-rs/argon2",
    "@zxcvbn-ts/language-common",
    "piscina",
    "postgres",
    "prom-client",
    "pusher",
  ],
  // Worker threads load these files by path, so the bundler does not find them.
  outputFileTracingIncludes: { "/**": workerFiles() },
});

// The scripts of a page keep the id that they were built with: with another one they would load twice.
const config = (phase: string): NextConfig =>
  createConfig(phase === PHASE_PRODUCTION_SERVER ? builtRelease() : release);

export default config;
