import type { NextConfig } from "next";

const config: NextConfig = {
  // Two sites on one checkout (a running one and the tests') must not share a build folder.
  distDir: process.env.NEXT_DIST_DIR || ".next",
  output: process.env.NEXT_OUTPUT === "standalone" ? "standalone" : undefined,
  poweredByHeader: false,
  reactStrictMode: true,
  agentRules: false,
  // Development logs would print the arguments of server actions: passwords among them.
  logging: { serverFunctions: false },
  // Native or worker-based: loaded by Node as they are, not bundled.
  serverExternalPackages: ["@node-rs/argon2", "postgres"],
};

export default config;
