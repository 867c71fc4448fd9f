import { test as base } from "@playwright/test";
import { handed, handles } from "./handles.ts";
import { closeContexts } from "./page-tasks.ts";

/** A part of the running site that a test can stop and start. */
export interface Part {
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
}

/**
 * Playwright's `test` with the site of e2e-setup.ts as base URL. A test can stop `broker`, `jobs` and `wire`,
 * the browsers' connection to the broker; they are started again after the test.
 */
export const test = base.extend<{
  broker: Part;
  jobs: Part;
  wire: Part;
  ownerUrl: string;
  variables: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
  browserIsThere: null;
  closesWhatItOpened: null;
}>({
  browserIsThere: [
    // Playwright reads the names of the parameters, so destructuring is required.
    // biome-ignore lint/correctness/noEmptyPattern: see above
    async ({}, use, testInfo) => {
      const over = handed();
      testInfo.skip("skip" in over, "skip" in over ? over.skip : undefined);
      await use(null);
    },
    { auto: true },
  ],
  closesWhatItOpened: [
    async ({ browserIsThere, browser }, use) => {
      await use(browserIsThere);
      // Pages of an earlier test would stay connected and affect later tests.
      await closeContexts(browser.contexts());
    },
    { auto: true },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: see above
  baseURL: async ({}, use) => use(handles().site),
  // biome-ignore lint/correctness/noEmptyPattern: see above
  broker: async ({}, use) => usePart("broker", use),
  // biome-ignore lint/correctness/noEmptyPattern: see above
  jobs: async ({}, use) => usePart("jobs", use),
  // biome-ignore lint/correctness/noEmptyPattern: see above
  wire: async ({}, use) => usePart("wire", use),
  // biome-ignore lint/correctness/noEmptyPattern: see above
  variables: async ({}, use) => use(handles().variables),
  // biome-ignore lint/correctness/noEmptyPattern: see above
  ownerUrl: async ({}, use) => use(handles().ownerUrl),
  // biome-ignore lint/correctness/noEmptyPattern: see above
  secrets: async ({}, use) => use(handles().secrets),
});

async function usePart(name: string, use: (part: Part) => Promise<void>): Promise<void> {
  let running = true;
  const turn = async (how: "start" | "stop") => {
    if (running === (how === "start")) return;
    const address = `${handles().switchboard}/${name}/${how}`;
    const response = await fetch(address, { method: "POST" });
    if (!response.ok) throw new Error(`${name} did not ${how}: ${await response.text()}`);
    running = how === "start";
  };
  await use({ start: () => turn("start"), stop: () => turn("stop") });
  await turn("start");
}
