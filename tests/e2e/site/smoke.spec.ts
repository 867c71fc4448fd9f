import { expect } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";

test("the home page is served from the production build", async ({ page }) => {
  const response = await page.goto("/");
  expect(response?.status()).toBe(200);
});

test("a test can stop and start the broker", async ({ broker, page }) => {
  await broker.stop();
  expect((await page.goto("/"))?.status()).toBe(200);
  await broker.start();
});
