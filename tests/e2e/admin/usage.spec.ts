import { expect } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { articlePath, comment, commentWith, openAs, openLive, signIn } from "../steps/steps.ts";

test("a page reports to the metrics, when it is left, the reads that signals caused and saved", async ({
  browser,
  request,
  secrets,
}) => {
  const headers = { authorization: `Bearer ${secrets.METRICS_TOKEN ?? ""}` };
  const counted = async () => {
    const text = await (await request.get("/api/metrics", { headers })).text();
    return Number(/^querycast_browser_signals_total (\d+)$/m.exec(text)?.[1]);
  };
  const before = await counted();
  const reader = await openAs(browser, "reader");
  // Reports are limited per session, and earlier tests have used the worker's session.
  const session = await signIn(browser, "author");
  const author = await (await browser.newContext({ storageState: session })).newPage();
  await openLive(reader, articlePath);
  await openLive(author, articlePath);
  const said = `Is that counted? ${Date.now()}`;
  await comment(reader, said);
  await expect(commentWith(author, said)).toBeVisible();
  await author.goto("about:blank");
  await expect.poll(counted).toBeGreaterThan(before);
});
