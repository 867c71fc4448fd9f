import { expect } from "@playwright/test";
import { startAgain, test } from "../steps/own-site.ts";
import {
  articlePath,
  comment,
  expectSameDocument,
  expectState,
  expectWritten,
  lookAway,
  markDocument,
  openLive,
} from "../steps/steps.ts";

test.use({ siteName: "release", extra: { RELEASE: "a" } });

test("a page of a former release shows on return, before an action, that Inkwell was updated, and keeps its draft over the reload", async ({
  reader,
  folder,
  site,
}) => {
  test.slow();
  const page = await reader.newPage();
  const release = () => page.evaluate(() => document.documentElement.dataset.release);
  await openLive(page, articlePath);
  expect(await release()).toBe("a");
  const draft = `Begun in release a ${Date.now()}`;
  await page.getByLabel("Add a comment").fill(draft);
  await markDocument(page);

  await site.stop();
  await expectState(page, "degraded");
  const next = await startAgain(site, folder, { RELEASE: "b" });
  try {
    await expectState(page, "live", 60_000);
    const status = page.locator("[data-page-status]");
    await expect(status).toHaveAttribute("data-page-status", "current");
    await lookAway(page);
    await expect(page.getByText("Inkwell was updated. Your drafts are kept.")).toBeVisible();
    await expect(page.getByLabel("Add a comment")).toHaveValue(draft);
    await expectSameDocument(page);
    await page.getByRole("link", { name: "Reload", exact: true }).click();
    await expect(status).toHaveAttribute("data-page-status", "current");
    await expect.poll(release).toBe("b");
    await expect(page.getByLabel("Add a comment")).toHaveValue(draft);
    await expectWritten(await comment(page, draft));
  } finally {
    await next.stop();
  }
});
