import {
  type Browser,
  type BrowserContext,
  expect,
  type Page,
  type WebSocket,
} from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { openPlainBrowser } from "../../support/browser/plain-browser.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectSameDocument,
  expectState,
  markDocument,
  openAs,
} from "../steps/steps.ts";

/** Open sockets of a browser, by page. */
function countSockets(context: BrowserContext): { holders(): readonly Page[] } {
  let open: { readonly page: Page; readonly socket: WebSocket }[] = [];
  const watch = (page: Page) => {
    page.on("websocket", (socket) => {
      open.push({ page, socket });
      socket.on("close", () => {
        open = open.filter((each) => each.socket !== socket);
      });
    });
    // A closing document emits no event about its sockets.
    const forget = () => {
      open = open.filter((each) => each.page !== page);
    };
    page.on("close", forget);
    page.on("framenavigated", forget);
  };
  for (const page of context.pages()) watch(page);
  context.on("page", watch);
  return { holders: () => open.map(({ page }) => page) };
}

/** Three tabs of one reader on the same article, all live. */
async function openThreeTabs(context: BrowserContext, address = articlePath) {
  const sockets = countSockets(context);
  const tabs = [await context.newPage(), await context.newPage(), await context.newPage()];
  for (const page of context.pages()) if (!tabs.includes(page)) await page.close();
  for (const tab of tabs) await tab.goto(address);
  for (const tab of tabs) {
    // A tab opened in the background reads its data when it becomes visible.
    await tab.bringToFront();
    await expectState(tab, "live");
  }
  for (const tab of tabs) await markDocument(tab);
  const holders = sockets.holders();
  expect(holders).toHaveLength(1);
  const [leader] = holders;
  if (leader === undefined) throw new Error("No tab holds a socket.");
  return { sockets, leader, followers: tabs.filter((tab) => tab !== leader) };
}

const openReader = async (browser: Browser) => (await openAs(browser, "reader")).context();

async function openAuthor(page: Page): Promise<Page> {
  await page.goto(articlePath);
  await expectState(page, "live");
  return page;
}

test("T1 three tabs of one reader open one WebSocket, and a comment appears in all of them", {
  tag: "@broker",
}, async ({ browser }) => {
  const { sockets, leader, followers } = await openThreeTabs(await openReader(browser));
  const author = await openAuthor(await openAs(browser, "author"));

  const said = `To all tabs ${Date.now()}`;
  await comment(author, said);
  for (const tab of [leader, ...followers]) await expect(commentWith(tab, said)).toBeVisible();
  expect(sockets.holders()).toEqual([leader]);
  for (const tab of [leader, ...followers]) await expectSameDocument(tab);
});

test("T2 two browsers of one reader share no connection", async ({ browser }) => {
  const [one, other] = [await openAs(browser, "reader"), await openAs(browser, "reader")];
  const counts = [one, other].map((page) => countSockets(page.context()));
  for (const page of [one, other]) await page.goto(articlePath);
  for (const page of [one, other]) await expectState(page, "live");
  for (const { holders } of counts) expect(holders()).toHaveLength(1);
});

test("T3 when the leading tab is closed another one takes over, and all tabs show what was written in between", {
  tag: "@broker",
}, async ({ browser }) => {
  const { sockets, leader, followers } = await openThreeTabs(await openReader(browser));
  const author = await openAuthor(await openAs(browser, "author"));

  const said = `While nobody led ${Date.now()}`;
  await author.getByLabel("Add a comment").fill(said);
  await leader.close();
  await author.getByRole("button", { name: "Post comment" }).click();

  for (const tab of followers) await expect(commentWith(tab, said)).toBeVisible();
  for (const tab of followers) await expectState(tab, "live");
  expect(sockets.holders()).toHaveLength(1);
  for (const tab of followers) await expectSameDocument(tab);
});

test("T3 when the browser freezes the leading tab another one takes over, and the thawed tab catches up", async ({
  browser,
  baseURL,
  launchOptions,
}) => {
  const author = await openAuthor(await openAs(browser, "author"));
  const reader = await openReader(browser);
  const { context, close } = await openPlainBrowser(launchOptions);
  try {
    await context.addCookies(await reader.cookies());
    await reader.close();
    const address = new URL(articlePath, baseURL).href;
    const { sockets, leader, followers } = await openThreeTabs(context, address);
    const devTools = await context.newCDPSession(leader);

    await devTools.send("Page.setWebLifecycleState", { state: "frozen" });
    const said = `While the leader was frozen ${Date.now()}`;
    await comment(author, said);
    for (const tab of followers) {
      await tab.bringToFront();
      await expect(commentWith(tab, said)).toBeVisible();
      await expectState(tab, "live");
    }
    // A frozen page cannot detect that its socket was closed.
    expect(sockets.holders().filter((page) => page !== leader)).toHaveLength(1);

    await devTools.send("Page.setWebLifecycleState", { state: "active" });
    await leader.bringToFront();
    await expect(commentWith(leader, said)).toBeVisible();
    await expectState(leader, "live");
    expect(sockets.holders()).toHaveLength(1);
    expect(sockets.holders()).not.toContain(leader);
    await expectSameDocument(leader);
  } finally {
    await close();
  }
});

test("T4 a hanging leading tab is replaced, and catches up when it responds again", {
  tag: "@broker",
}, async ({ browser }) => {
  const { sockets, leader, followers } = await openThreeTabs(await openReader(browser));
  const author = await openAuthor(await openAs(browser, "author"));
  const devTools = await leader.context().newCDPSession(leader);
  await devTools.send("Debugger.enable");

  const paused = new Promise<void>((resolve) => devTools.once("Debugger.paused", () => resolve()));
  await devTools.send("Debugger.pause");
  await paused;
  const said = `While the leader hung ${Date.now()}`;
  await comment(author, said);
  for (const tab of followers) {
    await expect(commentWith(tab, said)).toBeVisible({ timeout: 15_000 });
    await expectState(tab, "live");
  }

  await devTools.send("Debugger.resume");
  await expect(commentWith(leader, said)).toBeVisible();
  await expectState(leader, "live");
  await expect.poll(() => sockets.holders().length).toBe(1);
});
