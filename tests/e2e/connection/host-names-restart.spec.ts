import { expect } from "@playwright/test";
import { demoAccounts, demoPassword } from "@/db/seed/demo-accounts.ts";
import { startAgain, test } from "../steps/own-site.ts";
import {
  articlePath,
  comment,
  expectArrived,
  expectSameDocument,
  expectState,
  expectWritten,
  markDocument,
  openLive,
} from "../steps/steps.ts";

test.use({ siteName: "host-names" });

/** A poll comes every 30 s, ± half. */
const arrivalMs = 60_000;

test("a page at an own host name that is not listed gets others' changes by polling, and is live without a reload after the site has started with the name", async ({
  browser,
  author,
  folder,
  site,
}) => {
  test.setTimeout(240_000);
  const { origin } = Object.assign(new URL(site.url), { hostname: "127.0.0.1" });
  const page = await (await browser.newContext({ baseURL: origin })).newPage();
  await page.goto(`/sign-in?next=${articlePath}`);
  const account = demoAccounts.find(({ role }) => role === "reader");
  await page.getByLabel("E-mail").fill(account?.email ?? "");
  await page.getByLabel("Password", { exact: true }).fill(demoPassword);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(`${origin}${articlePath}`);
  await expectState(page, "degraded");
  await markDocument(page);

  await openLive(author, articlePath);
  const polled = `Found by a poll ${Date.now()}`;
  await expectWritten(await comment(author, polled));
  await expect(
    page
      .getByText(polled)
      .or(page.getByRole("button", { name: /new comment/ }))
      .first(),
  ).toBeVisible({ timeout: arrivalMs });
  await expectArrived(page, polled);
  await expect(page.locator('[data-state-name="live"]')).toHaveCount(0);

  await site.stop();
  const again = await startAgain(site, folder, { ALLOWED_ORIGINS: origin });
  try {
    await expectState(page, "live", 30_000);
    await expectState(author, "live", 30_000);
    const live = `Delivered live ${Date.now()}`;
    await expectWritten(await comment(author, live));
    await expectArrived(page, live);
    await expectSameDocument(page);
  } finally {
    await again.stop();
    await page.context().close();
  }
});
