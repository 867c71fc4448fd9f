import { expect, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { articlePath, comment, expectWritten, openAs, openLive } from "../steps/steps.ts";

const mostShift = 0.02;

/** Sums layout shifts without user input from now on, as browsers measure them. */
async function watchShift(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const sum = { value: 0 };
    Object.assign(window, { shift: sum });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) {
        sum.value += entry.value;
      }
    }).observe({ type: "layout-shift" });
  });
  return async () => {
    // After two frames everything drawn so far has been counted.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    return page.evaluate(() => (window as unknown as { shift: { value: number } }).shift.value);
  };
}

/** Proves that the measurement works. */
async function expectMeasured(page: Page, shift: () => Promise<number>): Promise<void> {
  await page.evaluate(() => {
    const block = document.createElement("div");
    block.style.height = "300px";
    document.querySelector("main")?.prepend(block);
  });
  await expect.poll(shift).toBeGreaterThan(mostShift);
}

const surprising = (page: Page) =>
  page.getByRole("group", { name: "Reactions" }).getByRole("button", { name: "Surprising" });

for (const place of ["the text", "the discussion"] as const) {
  test(`comments and reactions of others move nothing for a viewer of ${place}`, async ({
    browser,
  }) => {
    const reader = await openAs(browser, "reader");
    const author = await openAs(browser, "author");
    await reader.emulateMedia({ reducedMotion: "no-preference" });
    await Promise.all([openLive(reader, articlePath), openLive(author, articlePath)]);
    if (place === "the discussion") {
      await reader.locator("#discussion article").first().scrollIntoViewIfNeeded();
      await reader.locator("#discussion-title").evaluate((title) => title.scrollIntoView());
    }
    const shift = await watchShift(reader);
    const before = await surprising(reader).textContent();
    await surprising(author).click();
    await expect(surprising(reader)).not.toHaveText(before ?? "");
    await expectWritten(await comment(author, `Moves nothing ${Date.now()}`));
    await expect(reader.locator("#discussion").getByText(/1 new/).first()).toBeAttached();
    expect(await shift()).toBeLessThanOrEqual(mostShift);
    await surprising(author).click();
    await expect(surprising(reader)).toHaveText(before ?? "");
    expect(await shift()).toBeLessThanOrEqual(mostShift);
    await reader.evaluate(() => scrollTo(0, 0));
    await expectMeasured(reader, shift);
  });
}

test("numbers on the dashboard change without moving anything else", async ({ browser }) => {
  const author = await openAs(browser, "author");
  await author.emulateMedia({ reducedMotion: "no-preference" });
  await openLive(author, "/dashboard");
  const reader = await openAs(browser, "reader");
  await openLive(reader, articlePath);
  const row = author.getByRole("article").filter({ hasText: "The index that slept" });
  await expect(row).toBeVisible();
  const shift = await watchShift(author);
  const before = await row.textContent();
  await expectWritten(await comment(reader, `Counted ${Date.now()}`));
  await expect(row).not.toHaveText(before ?? "");
  const between = await row.textContent();
  await surprising(reader).click();
  await expect(row).not.toHaveText(between ?? "");
  expect(await shift()).toBeLessThanOrEqual(mostShift);
  await surprising(reader).click();
  await expectMeasured(author, shift);
});
