import { randomBytes } from "node:crypto";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import type { TransportName } from "@/lib/env/variables.ts";
import { freePort } from "../../../scripts/parts/ports.ts";
import { type RunningSite, startSite } from "../../../scripts/site/site.ts";
import { test as base } from "../../support/browser/e2e.ts";
import { createSiteFolder, removeFolder } from "../../support/browser/site-folder.ts";
import { demandSilence, secretsOf } from "../../support/browser/site-log.ts";
import { searchPath } from "../../support/runner/environment.ts";
import { type Role, signIn } from "./steps.ts";

/** Separate sites with other transports. Each one with a broker has its own Soketi. */
export const test = base.extend<
  { author: Page; reader: BrowserContext },
  {
    transport: TransportName;
    brokerAllows: string;
    extra: Readonly<Record<string, string>>;
    siteName: string;
    folder: string;
    site: RunningSite;
  }
>({
  /** Files with a name of their own share their site with no other file, and may end it. */
  siteName: ["", { option: true, scope: "worker" }],
  transport: ["sse", { option: true, scope: "worker" }],
  /** Features of the broker, as in `SOKETI_ALLOW`. */
  brokerAllows: ["", { option: true, scope: "worker" }],
  /** Further variables of the site. */
  extra: [{}, { option: true, scope: "worker" }],
  folder: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's names
    async ({}, use) => {
      const folder = await createSiteFolder();
      await use(folder);
      await removeFolder(folder);
    },
    { scope: "worker" },
  ],
  site: [
    async ({ transport, brokerAllows, extra, folder, siteName }, use) => {
      const printed: string[] = [];
      const site = await startSite({
        mode: "production",
        say: () => {},
        log: (line) => printed.push(line),
        variables: {
          PATH: searchPath,
          DATA_DIR: folder,
          PORT: String(await freePort()),
          TRANSPORT: transport,
          // Tests set a browser's address with X-Forwarded-For, as a proxy in front of the site does.
          TRUSTED_PROXIES: "1",
          ...(brokerAllows && { SOKETI_ALLOW: brokerAllows }),
          ...(transport === "pusher" || transport === "slim"
            ? { SOKETI_PORT: String(await freePort()) }
            : {}),
          METRICS_TOKEN: randomBytes(24).toString("hex"),
          ...extra,
        },
      });
      const refuse = async () => {
        throw new Error("A test that ends its site needs a siteName: other files use this one.");
      };
      await use(siteName === "" ? { ...site, stop: refuse, kill: refuse } : site);
      await site.stop();
      demandSilence(printed, secretsOf(site.variables));
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ site }, use) => use(site.url),
  author: async ({ browser }, use) => {
    const context = await openFor(browser, "author");
    await use(await context.newPage());
    await context.close();
  },
  reader: async ({ browser }, use) => {
    const context = await openFor(browser, "reader");
    await use(context);
    await context.close();
  },
});

const openFor = async (browser: Browser, role: Role) =>
  browser.newContext({ storageState: await signIn(browser, role) });

/** Open connections and requests of pages. */
export function watchTraffic(context: BrowserContext) {
  const streams = new Set<unknown>();
  const counts = { sockets: 0, requests: 0, open: () => streams.size };
  context.on("page", (page) => {
    page.on("websocket", () => {
      counts.sockets += 1;
    });
  });
  context.on("request", (request) => {
    if (!request.url().endsWith("/api/realtime/stream")) return;
    counts.requests += 1;
    streams.add(request);
  });
  for (const end of ["requestfinished", "requestfailed"] as const) {
    context.on(end as "requestfailed", (request) => streams.delete(request));
  }
  return counts;
}

/** Starts a site again that was stopped: the same database, port and keys, and a new process. */
export const startAgain = (
  former: RunningSite,
  folder: string,
  extra: Readonly<Record<string, string>> = {},
): Promise<RunningSite> =>
  startSite({
    mode: "production",
    say: () => {},
    log: () => {},
    variables: {
      PATH: searchPath,
      DATA_DIR: folder,
      PORT: former.variables.PORT ?? "",
      TRANSPORT: "sse",
      TRUSTED_PROXIES: "1",
      ...extra,
    },
  });
