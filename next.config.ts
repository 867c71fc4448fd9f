import type { NextConfig } from "next";

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

const config: NextConfig = {
  headers: async () => [
    {
      source: "/:path*",
      headers: Object.entries(securityHeaders).map(([key, value]) => ({ key, value })),
    },
  ],
  // Two sites on one checkout (a running one and the tests') must not share a build folder.
  distDir: process.env.NEXT_DIST_DIR || ".next",
  output: process.env.NEXT_OUTPUT === "standalone" ? "standalone" : undefined,
  poweredByHeader: false,
  reactStrictMode: true,
  agentRules: false,
  // Development logs would print the arguments of server actions: passwords among them.
  logging: { serverFunctions: false },
  // Native, worker-based, or with optional requires of their own: loaded by Node as they are, not bundled.
  serverExternalPackages: ["@node-rs/argon2", "postgres", "prom-client", "pusher"],
};

export default config;
