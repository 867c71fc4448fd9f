import { defineConfig } from "@playwright/test";
import type { Delivery } from "./tests/support/browser/e2e-site.ts";
import { isCi, lightChromiumPath } from "./tests/support/runner/environment.ts";

export default defineConfig<object, { delivery: Delivery }>({
  testDir: "tests/e2e",
  outputDir: "test-results",
  globalSetup: "./tests/support/browser/e2e-setup.ts",
  // Each worker starts its own site (tests/support/browser/e2e.ts) and runs one file at a time on it.
  workers: 2,
  fullyParallel: false,
  forbidOnly: isCi,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
  use: {
    trace: "off",
    screenshot: "only-on-failure",
    // Click targets must not move. Tests of motion override this.
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: lightChromiumPath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "chromium", grepInvert: /@slim/, use: { browserName: "chromium" } },
    // Stories that depend on the connection to the broker, and those of the slim transport alone.
    {
      name: "slim",
      grep: /@broker|@slim/,
      use: { browserName: "chromium", delivery: "slim" },
    },
    // Stories that a broker delivers above, over streams of two processes. Readers are served by the second one.
    { name: "streams", grep: /@live/, use: { browserName: "chromium", delivery: "streams" } },
  ],
});
