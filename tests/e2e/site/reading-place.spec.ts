import { expect, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { articlePath, comment, commentWith, expectWritten, openAll } from "../steps/steps.ts";

/** A digit can grow by a pixel. A comment that pushes others down shifts hundreds of times as much. */
const unseenShift = 0.001;

/** Layout shifts without user input, summed from now on. */
async function watchShifts(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const sum = { value: 0 };
    Object.assign(window, { shifts: sum });
    new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[]) {
        if (!entry.hadRecentInput) sum.value += entry.value;
      }
    }).observe({ type: "layout-shift" });
  });
  return () =>
    page.evaluate(() => (window as unknown as { shifts: { value: number } }).shifts.value);
}

test("S3.10 comments that arrive where a user reads wait behind a button, and the page does not move", async ({
  browser,
}) => {
  const { reader, admin } = await openAll(browser, articlePath, "reader", "admin");
  const first = admin.locator("#discussion").getByRole("article").first();
  await first.scrollIntoViewIfNeeded();
  await first.evaluate((element) => element.scrollIntoView({ block: "start" }));
  const placeOf = async () => (await first.boundingBox())?.y;
  const shifts = await watchShifts(admin);
  const place = await placeOf();

  const replied = `In the middle of what you read ${Date.now()}`;
  const target = reader.locator("#discussion").getByRole("article").first();
  await target.getByRole("button", { name: /^Reply/ }).click();
  await reader.getByRole("textbox", { name: /^Reply to / }).fill(replied);
  await reader.getByRole("button", { name: "Reply", exact: true }).click();
  await expectWritten(commentWith(reader, replied));

  const button = admin.getByRole("button", { name: /new comment/ });
  await expect(button).toBeVisible();
  await expect(commentWith(admin, replied)).toHaveCount(0);
  expect(await placeOf()).toBe(place);
  expect(await shifts()).toBeLessThan(unseenShift);
  await button.click();
  await expect(commentWith(admin, replied)).toBeVisible();
  await expect(button).toHaveCount(0);
});

test("S3.10 a comment that arrives below the visible area is inserted at once, and the page does not move", async ({
  browser,
}) => {
  const { reader, admin } = await openAll(browser, articlePath, "reader", "admin");
  await admin.evaluate(() => scrollTo(0, 0));
  const shifts = await watchShifts(admin);
  const said = `Further down ${Date.now()}`;
  await expectWritten(await comment(reader, said));
  await expect(commentWith(admin, said)).toHaveCount(1);
  await expect(admin.getByRole("button", { name: /new comment/ })).toHaveCount(0);
  expect(await shifts()).toBeLessThan(unseenShift);
});
