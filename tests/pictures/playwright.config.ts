import { defineConfig } from "@playwright/test";
import base from "../../playwright.config.ts";

/** `npm run screenshots`: takes the pictures of docs/images from the real site with its demo data. */
export default defineConfig({
  ...base,
  testDir: ".",
  outputDir: "../../test-results/pictures",
  globalSetup: "../support/browser/e2e-setup.ts",
  timeout: 180_000,
  reporter: "list",
});
