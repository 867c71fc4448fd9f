import { expect } from "@playwright/test";
import { test } from "../support/e2e.ts";
import { articlePath, comment, commentWith, openAs, openLive } from "./steps.ts";

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
  const author = await openAs(browser, "author");
  await openLive(reader, articlePath);
  await openLive(author, articlePath);
  const said = `Is that counted? ${Date.now()}`;
  await comment(reader, said);
  await expect(commentWith(author, said)).toBeVisible();
  await author.goto("about:blank");
  await expect.poll(counted).toBeGreaterThan(before);
});
