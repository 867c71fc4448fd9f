import { expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { test, watchTraffic } from "../steps/own-site.ts";
import { findPage, pages } from "../steps/pages.ts";
import {
  articlePath,
  comment,
  expectArrived,
  expectSameDocument,
  expectWritten,
  lookAway,
  markDocument,
  openAs,
  untilHydrated,
  untilQuiet,
} from "../steps/steps.ts";
import { watchListeningSessions } from "./listening-sessions.ts";

test.use({ transport: "pull" });

const readTime = (page: Page) => page.locator("[data-page-read]");
const newComments = (page: Page) => page.getByRole("button", { name: /new comment/ });

test("S2.8 pages work without a socket or stream: they show others' changes when the viewer returns", async ({
  author,
  reader,
  baseURL,
}) => {
  const traffic = watchTraffic(reader);
  const page = await reader.newPage();
  await page.clock.install();
  await page.goto(articlePath);
  await markDocument(page);
  await author.goto(articlePath);
  const said = `Pulled ${Date.now()}`;
  await expectWritten(await comment(author, said));
  await expect(async () => {
    await returnTo(page);
    await expect(page.getByText(said).or(newComments(page)).first()).toBeVisible({
      timeout: 1_000,
    });
  }).toPass();
  await expectArrived(page, said);
  await expectSameDocument(page);
  expect([traffic.sockets, traffic.requests]).toEqual([0, 0]);
  const stream = await reader.request.post(`${baseURL}/api/realtime/stream`, { data: {} });
  expect(stream.status()).toBe(404);
});

for (const role of ["nobody", "reader", "author", "admin"] as const) {
  test(`S2.8 each page states when it was read, and opens no connection, as ${role}`, async ({
    browser,
  }) => {
    test.setTimeout(180_000);
    const page =
      role === "nobody"
        ? await (await browser.newContext()).newPage()
        : await openAs(browser, role);
    const traffic = watchTraffic(page.context());
    for (const [route, way] of Object.entries(pages[role])) {
      const path = role === "nobody" ? String(way) : await findPage(page, way, role);
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
      await expect(readTime(page), route).toHaveText(/^Updated \d\d:\d\d$/);
      await expect(readTime(page).getByText("Updated"), route).toBeInViewport();
    }
    expect([traffic.sockets, traffic.requests]).toEqual([0, 0]);
  });
}

test("S2.8 the time changes when the page is read again, and not with the clock", async ({
  reader,
}) => {
  const page = await reader.newPage();
  await page.clock.install();
  await page.goto(articlePath);
  await expect(readTime(page)).toHaveText(/^Updated \d\d:\d\d$/);
  const first = await readTime(page).textContent();
  await page.clock.runFor("10:00");
  expect(await readTime(page).textContent()).toBe(first);
  await expect(async () => {
    // The page's clock runs ahead of the network: a read may reach its deadline before its answer.
    await returnTo(page);
    await expect(readTime(page)).not.toHaveText(first ?? "", { timeout: 1_000 });
  }).toPass();
  await expect(readTime(page)).toHaveText(/^Updated \d\d:\d\d$/);
});

test("S2.8 an idle page of an article, of notifications and of bookmarks receives no byte in an hour, and reads when the viewer returns", async ({
  reader,
}) => {
  for (const path of [articlePath, "/notifications", "/bookmarks"]) {
    const page = await reader.newPage();
    await page.clock.install();
    const received = await countBytes(page);
    await page.goto(path);
    await expect(readTime(page)).toHaveText(/^Updated \d\d:\d\d$/);
    await untilHydrated(page);
    // Reads of this page that start after its load event would count as traffic of an idle page.
    await page.waitForLoadState("networkidle");
    await received.untilNone();
    expect(received.bytes(), path).toBeGreaterThan(0);
    received.reset();
    await page.clock.runFor("01:00:00");
    // The network runs in real time: answers to requests of that hour would arrive now.
    await received.untilNone();
    expect(received.bytes(), path).toBe(0);
    await expect(async () => {
      await returnTo(page);
      await expect.poll(received.bytes, { message: path, timeout: 1_000 }).toBeGreaterThan(0);
    }).toPass();
    await page.close();
  }
});

test("S2.8 an idle home page reads the number of newer articles, at most once a minute, and nothing else", async ({
  reader,
}) => {
  const page = await reader.newPage();
  await page.clock.install();
  await page.goto("/");
  await untilHydrated(page);
  await untilQuiet(page);
  const read: string[] = [];
  page.on("request", (request) => read.push(new URL(request.url()).pathname));
  const minutes = 10;
  for (let minute = 0; minute < minutes; minute += 1) {
    await page.clock.runFor("01:00");
    // In one step the clock would pass the deadlines of requests that the network has not answered yet.
    await untilQuiet(page);
  }
  expect(new Set(read)).toEqual(new Set(["/api/articles/newer"]));
  expect(read.length).toBeLessThanOrEqual(minutes);
});

test("S2.8 no session of the site listens, while pages are read and written", async ({
  author,
  reader,
  site,
}) => {
  const ownerUrl = site.variables.DATABASE_OWNER_URL ?? "";
  const sessions = watchListeningSessions(ownerUrl);
  const control = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    const page = await reader.newPage();
    await author.goto(articlePath);
    for (let round = 0; round < 3; round += 1) {
      await page.goto(articlePath);
      expect(await sessions.count()).toBe(0);
      await expectWritten(await comment(author, `Unheard ${Date.now()}`));
      expect(await sessions.count()).toBe(0);
    }
    await control`listen querycast`;
    expect(await sessions.count()).toBe(1);
  } finally {
    await control.end();
    await sessions.close();
  }
});

/** Looks away for a moment, and waits for the reads after it. */
async function returnTo(page: Page): Promise<void> {
  await lookAway(page);
  // Reads after a focus are debounced and spread.
  await page.clock.runFor("00:10");
}

/** Counts what the browser receives for a page, over HTTP and sockets. */
async function countBytes(page: Page) {
  const tools = await page.context().newCDPSession(page);
  await tools.send("Network.enable");
  let bytes = 0;
  tools.on("Network.dataReceived", ({ dataLength }) => {
    bytes += dataLength;
  });
  tools.on("Network.webSocketFrameReceived", ({ response }) => {
    bytes += response.payloadData.length;
  });
  tools.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  return {
    bytes: () => bytes,
    /** Waits for a second in which nothing is received. */
    untilNone: () =>
      expect(async () => {
        const before = bytes;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        expect(bytes).toBe(before);
      }).toPass(),
    reset: () => {
      bytes = 0;
    },
  };
}
