import { defineConfig } from "@playwright/test";
import base from "../../playwright.config.ts";

/** `npm run screenshots`: the pictures of docs/images, taken of the real site on its first data. */
export default defineConfig({
  ...base,
  testDir: ".",
  outputDir: "../../test-results/pictures",
  globalSetup: "../support/e2e-setup.ts",
  timeout: 180_000,
  reporter: "list",
});
