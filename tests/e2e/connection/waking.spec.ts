import {
  type Browser,
  type CDPSession,
  expect,
  type LaunchOptions,
  type Page,
  type Response,
} from "@playwright/test";
import type postgres from "postgres";
import { test } from "../../support/browser/e2e.ts";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { openPlainBrowser } from "../../support/browser/plain-browser.ts";
import { createOwnerWriter } from "../../support/browser/write-as-owner.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectSameDocument,
  expectState,
  expectWritten,
  lookAway,
  markDocument,
  openAs,
  openLive,
  unreadCount,
} from "../steps/steps.ts";

/** A single tab that can be covered, frozen and put in the background, as in a real browser. */
interface Tab {
  readonly page: Page;
  readonly devTools: CDPSession;
  /** Opens another tab in front of it. */
  readonly cover: () => Promise<unknown>;
}

interface Where {
  readonly browser: Browser;
  readonly baseURL: string | undefined;
  readonly launchOptions: LaunchOptions;
}

/** A reader's tab on the article, live, and an author who writes in another browser. */
async function withTab(
  { browser, baseURL, launchOptions }: Where,
  use: (tab: Tab, author: Page) => Promise<void>,
): Promise<void> {
  const author = await openAs(browser, "author");
  await openLive(author, articlePath);
  const reader = await openAs(browser, "reader");
  const cookies = await reader.context().cookies();
  await reader.context().close();
  const { context, close } = await openPlainBrowser(launchOptions);
  try {
    await context.addCookies(cookies);
    const page = await context.newPage();
    await openLive(page, new URL(articlePath, baseURL).href);
    await markDocument(page);
    const devTools = await context.newCDPSession(page);
    const cover = async () => (await context.newPage()).bringToFront();
    await use({ page, devTools, cover }, author);
  } finally {
    await close();
  }
}

async function freeze({ cover, devTools }: Tab): Promise<void> {
  await cover();
  await devTools.send("Page.setWebLifecycleState", { state: "frozen" });
}
async function thaw({ devTools, page }: Tab): Promise<void> {
  await devTools.send("Page.setWebLifecycleState", { state: "active" });
  await page.bringToFront();
}

/** The responses to catch-ups from now on. */
function watchCatchUps(page: Page): readonly string[] {
  const seen: string[] = [];
  const note = async (response: Response) => {
    if (!response.url().endsWith("/api/realtime")) return;
    if (response.request().postDataJSON()?.type !== "catch-up") return;
    const { results } = (await response.json()) as { results: { status: string }[] };
    seen.push(...results.map(({ status }) => status));
  };
  page.on("response", untilClosed(page, note));
  return seen;
}

test("K11 a single frozen tab reads missed changes at once, and is live again without a reload", async ({
  browser,
  baseURL,
  launchOptions,
}) => {
  await withTab({ browser, baseURL, launchOptions }, async (tab, author) => {
    const answers = watchCatchUps(tab.page);
    await freeze(tab);
    const said = `While the only tab was frozen ${Date.now()}`;
    await expectWritten(await comment(author, said));
    await thaw(tab);
    await expect(commentWith(tab.page, said)).toBeVisible();
    await expectState(tab.page, "live");
    await expectSameDocument(tab.page);
    expect(answers).not.toContain("gap");
  });
});

/** Deletes everything in the log, as after three days. */
async function dropLog(sql: postgres.Sql): Promise<void> {
  const [today] = await sql<{ day: number }[]>`select last_value::int as day from querycast.today`;
  const daysLeft = async () => {
    await sql`select querycast.prune_signals(0, 1000)`;
    const [row] = await sql<{ left: number }[]>`
      select count(*)::int as left from querycast.days where day <= ${today?.day ?? 0}`;
    return row?.left;
  };
  await expect.poll(daysLeft, { timeout: 20_000 }).toBe(0);
}

test("C1 R7 a tab that was frozen for longer than the log is kept gets a gap and reads the page again", async ({
  browser,
  baseURL,
  launchOptions,
  ownerUrl,
}) => {
  const owner = createOwnerWriter(ownerUrl);
  try {
    await withTab({ browser, baseURL, launchOptions }, async (tab, author) => {
      const answers = watchCatchUps(tab.page);
      await freeze(tab);
      const said = `Longer ago than anybody remembers ${Date.now()}`;
      await expectWritten(await comment(author, said));
      await dropLog(owner.sql);
      await thaw(tab);
      await expect(commentWith(tab.page, said)).toBeVisible();
      await expectState(tab.page, "live");
      await expectSameDocument(tab.page);
      expect(answers).toContain("gap");

      const after = `And live again ${Date.now()}`;
      await comment(author, after);
      await expect(commentWith(tab.page, after)).toBeVisible();
    });
  } finally {
    await owner.close();
  }
});

test("K11 T7 a tab whose socket died in the background reads missed changes at once, shows that it is not live, and reconnects", {
  tag: "@broker",
}, async ({ browser, baseURL, launchOptions, wire }) => {
  await withTab({ browser, baseURL, launchOptions }, async (tab, author) => {
    const { page } = tab;
    const sockets: string[] = [];
    page.on("websocket", (socket) => sockets.push(socket.url()));
    await page.evaluate(() => {
      const note = () => Object.assign(window, { hiddenAtMs: performance.now() });
      document.addEventListener("visibilitychange", note, { once: true });
    });
    await tab.cover();
    // A background page draws no frames, so it is polled with a timer.
    await page.waitForFunction(
      () =>
        performance.now() - (window as unknown as { hiddenAtMs: number }).hiddenAtMs > 10_500 &&
        document.hidden,
      undefined,
      { polling: 500, timeout: 20_000 },
    );
    await wire.stop();
    const said = `Into a dead socket ${Date.now()}`;
    await expectWritten(await comment(author, said));
    await page.bringToFront();
    await expect(commentWith(page, said)).toBeVisible();
    await expectState(page, "degraded");

    await wire.start();
    await expectState(page, "live", 30_000);
    expect(sockets.length).toBeGreaterThanOrEqual(1);
    const after = `By another socket ${Date.now()}`;
    await comment(author, after);
    await expect(commentWith(page, after)).toBeVisible();
    await expectSameDocument(page);
  });
});

/** The site forbids browsers to cache its pages (`no-store`), but other users of the library may not. */
async function allowToKeep({ devTools, page }: Tab, address: string): Promise<void> {
  devTools.on(
    "Fetch.requestPaused",
    untilClosed(page, ({ requestId, responseStatusCode, responseHeaders = [] }) => {
      const others = responseHeaders.filter(({ name }) => name.toLowerCase() !== "cache-control");
      return devTools.send("Fetch.continueResponse", {
        requestId,
        responseCode: responseStatusCode ?? 200,
        responseHeaders: [...others, { name: "cache-control", value: "private, no-cache" }],
      });
    }),
  );
  const patterns = [{ urlPattern: address, requestStage: "Response" as const }];
  await devTools.send("Fetch.enable", { patterns });
}

test("K11 a page restored from the back/forward cache reads missed changes at once, and is live again", async ({
  browser,
  baseURL,
  launchOptions,
}) => {
  const withCache = { ...launchOptions, ignoreDefaultArgs: ["--disable-back-forward-cache"] };
  await withTab({ browser, baseURL, launchOptions: withCache }, async (tab, author) => {
    const { page } = tab;
    const address = new URL(articlePath, baseURL).href;
    await allowToKeep(tab, address);
    await openLive(page, address);
    await markDocument(page);
    await page.evaluate(() =>
      window.addEventListener("pageshow", ({ persisted }) =>
        Object.assign(window, { wasKept: persisted }),
      ),
    );
    await page.goto("about:blank");
    const said = `While the page was put aside ${Date.now()}`;
    await expectWritten(await comment(author, said));
    await page.goBack({ waitUntil: "commit" });
    await expect(commentWith(page, said)).toBeVisible();
    await expectState(page, "live");
    expect(await page.evaluate(() => Object(window).wasKept)).toBe(true);
    await expectSameDocument(page);
  });
});

test("a page that is restored from the back/forward cache after its session has ended shows nothing of the person, also soon after its last check", async ({
  browser,
  baseURL,
  launchOptions,
}) => {
  const withCache = { ...launchOptions, ignoreDefaultArgs: ["--disable-back-forward-cache"] };
  await withTab({ browser, baseURL, launchOptions: withCache }, async (tab) => {
    const { page } = tab;
    const address = new URL("/notifications", baseURL).href;
    await allowToKeep(tab, address);
    await openLive(page, address);
    const rows = page.locator("main ol > li");
    await expect(rows.first()).toBeVisible();
    await page.evaluate(() =>
      window.addEventListener("pageshow", ({ persisted }) =>
        Object.assign(window, { wasKept: persisted }),
      ),
    );
    const checked = page.waitForResponse((response) => response.url().endsWith("/api/viewer"));
    await lookAway(page);
    await checked;
    await page.goto("about:blank");
    // A sign-out in another tab sends a message, for which Chromium drops the page from its cache.
    await page.context().clearCookies();
    await page.goBack({ waitUntil: "commit" });
    await expect(page.getByText("You are signed out.")).toBeVisible();
    await expect(rows).toHaveCount(0);
    expect(await page.evaluate(() => Object(window).wasKept)).toBe(true);
  });
});

test("U12 a hidden tab shows the unread count in its title, which follows navigation and reading", async ({
  browser,
  baseURL,
  launchOptions,
}) => {
  await withTab({ browser, baseURL, launchOptions }, async ({ page, cover }, author) => {
    const own = `Asked before the tab was hidden ${Date.now()}`;
    await expectWritten(await comment(page, own));
    const before = await unreadCount(page);
    const title = (await page.title()).replace(/^\(\d+\) /, "");
    expect(title).toMatch(/ · Inkwell$/);
    await expect(page).toHaveTitle(before > 0 ? `(${before}) ${title}` : title);

    await cover();
    await expect(commentWith(author, own)).toBeVisible();
    await commentWith(author, own)
      .getByRole("button", { name: /^Reply/ })
      .click();
    await author.getByRole("textbox", { name: /^Reply to / }).fill(`Answered ${Date.now()}`);
    await author.getByRole("button", { name: "Reply", exact: true }).click();
    // Reads of a hidden tab are at least 15 s apart.
    await expect.poll(() => page.title(), { timeout: 30_000 }).toBe(`(${before + 1}) ${title}`);
    expect(await page.evaluate(() => document.visibilityState)).toBe("hidden");

    await page.bringToFront();
    await page.getByRole("link", { name: /^Notifications,/ }).click();
    await expect(page).toHaveTitle(`(${before + 1}) Notifications · Inkwell`);
    await page.getByRole("button", { name: "Mark all as read" }).click();
    await expect(page).toHaveTitle("Notifications · Inkwell");
    await page.goBack();
    await expect(page).toHaveTitle(title);
    await expectSameDocument(page);
    expect(await page.locator("head title").count()).toBe(1);
  });
});
