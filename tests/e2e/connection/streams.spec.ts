import { expect, type Page } from "@playwright/test";
import { startAgain, test, watchTraffic } from "../steps/own-site.ts";
import { articlePath, comment, commentWith, expectState, watchStates } from "../steps/steps.ts";
import { watchListeningSessions } from "./listening-sessions.ts";

test.use({ siteName: "streams" });

test("the site runs no job for an unsigned request, and gives it no details", async ({
  site,
  request,
}) => {
  const url = `${site.url}/api/inngest?fnId=inkwell-end-expired-sessions&stepId=step`;
  const data = { event: {}, events: [{}], ctx: {}, steps: {} };
  const now = Math.floor(Date.now() / 1000);
  const guess = { "x-inngest-signature": `t=${now}&s=${"0".repeat(64)}` };
  for (const headers of [{}, guess]) {
    const response = await request.post(url, { data, headers });
    const text = await response.text();
    expect([response.status(), text.length < 200]).toEqual([401, true]);
    expect(text).not.toMatch(/\bat \S+ \(|node_modules|\.tsx?\b|signkey|postgres/);
  }
});

test("S1.16 S3.10 a comment appears in another browser without a broker and without a socket", async ({
  author,
  reader,
  site,
  request,
}) => {
  const traffic = watchTraffic(reader);
  const page = await reader.newPage();
  await page.goto(articlePath);
  await author.goto(articlePath);
  for (const each of [page, author]) await expectState(each, "live");
  const said = `Over a stream ${Date.now()}`;
  await comment(author, said);
  await expect(commentWith(page, said)).toBeVisible();
  expect(traffic.sockets).toBe(0);
  expect(traffic.open()).toBe(1);
  const sessions = watchListeningSessions(site.variables.DATABASE_OWNER_URL ?? "");
  expect(await sessions.count()).toBe(1); // for both browsers
  await sessions.close();

  const headers = { authorization: `Bearer ${site.variables.METRICS_TOKEN}` };
  const metrics = async () => (await request.get("/api/metrics", { headers })).text();
  await expect.poll(metrics).toMatch(/^querycast_streams_open 2$/m); // one per browser
  expect(await metrics()).toMatch(/^querycast_streams_dropped_total 0$/m);
});

test("T1 seven tabs of one browser share one stream, and none of them waits for a connection", async ({
  author,
  reader,
}) => {
  test.slow(); // nine documents
  const traffic = watchTraffic(reader);
  const tabs: Page[] = [];
  for (let index = 0; index < 7; index += 1) {
    const tab = await reader.newPage();
    await tab.goto(articlePath);
    await expectState(tab, "live");
    tabs.push(tab);
  }
  expect(traffic.open()).toBe(1);
  await author.goto(articlePath);
  await expectState(author, "live");
  const said = `To seven tabs ${Date.now()}`;
  await comment(author, said);
  for (const tab of tabs) {
    await tab.bringToFront();
    await expect(commentWith(tab, said)).toBeVisible();
  }
});

test("E10 a server that shuts down closes its streams, and pages are live again with the next server", async ({
  reader,
  folder,
  site,
}) => {
  const page = await reader.newPage();
  await page.goto(articlePath);
  await expectState(page, "live");
  const states = await watchStates(page);
  await site.stop();
  await expectState(page, "degraded");
  // The page was notified of the end, tried to reconnect, and only then found no server.
  expect(await states()).toEqual(["catching-up", "degraded"]);
  const again = await startAgain(site, folder);
  try {
    await expectState(page, "live", 45_000);
  } finally {
    await again.stop();
  }
});
