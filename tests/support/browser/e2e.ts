import { test as base } from "@playwright/test";
import { missingBrowser } from "./chromium.ts";
import { type Delivery, type E2eSite, type Part, startE2eSite } from "./e2e-site.ts";
import { closeContexts } from "./page-tasks.ts";

/**
 * Playwright's `test` with the worker's own site as base URL, started before the first test that uses it. A test can
 * stop `broker`, `jobs` and `wire`, the browsers' connection to the broker; they are started again after the test.
 */
export const test = base.extend<
  {
    broker: Part;
    jobs: Part;
    wire: Part;
    ownerUrl: string;
    variables: Readonly<Record<string, string>>;
    secrets: Readonly<Record<string, string>>;
    browserIsThere: null;
    closesWhatItOpened: null;
  },
  { delivery: Delivery; e2eSite: E2eSite }
>({
  /** Set by the project of the Playwright configuration. */
  delivery: ["pusher", { option: true, scope: "worker" }],
  browserIsThere: [
    // Playwright reads the names of the parameters, so destructuring is required.
    // biome-ignore lint/correctness/noEmptyPattern: see above
    async ({}, use, testInfo) => {
      const missing = missingBrowser();
      testInfo.skip(missing !== null, missing ?? undefined);
      await use(null);
    },
    { auto: true },
  ],
  closesWhatItOpened: [
    async ({ browserIsThere, browser }, use) => {
      await use(browserIsThere);
      // Pages of an earlier test would stay subscribed and be counted in later tests.
      await closeContexts(browser.contexts());
    },
    { auto: true },
  ],
  e2eSite: [
    async ({ delivery }, use) => {
      const site = await startE2eSite(delivery);
      await use(site);
      await site.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ e2eSite }, use) => use(e2eSite.url),
  variables: async ({ e2eSite }, use) => use(e2eSite.variables),
  ownerUrl: async ({ e2eSite }, use) => use(e2eSite.ownerUrl),
  secrets: async ({ e2eSite }, use) => use(e2eSite.secrets),
  broker: async ({ e2eSite }, use) => usePart(e2eSite.broker, use),
  jobs: async ({ e2eSite }, use) => usePart(e2eSite.jobs, use),
  wire: async ({ e2eSite }, use) => usePart(e2eSite.wire, use),
});

async function usePart(part: Part, use: (part: Part) => Promise<void>): Promise<void> {
  let isRunning = true;
  const stop = async () => {
    if (!isRunning) return;
    await part.stop();
    isRunning = false;
  };
  const start = async () => {
    if (isRunning) return;
    await part.start();
    isRunning = true;
  };
  await use({ start, stop });
  await start();
}
