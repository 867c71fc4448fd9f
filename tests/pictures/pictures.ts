import { statSync } from "node:fs";
import { join } from "node:path";
import { type Browser, expect, type Page } from "@playwright/test";
import { openAs, openLive, type Role } from "../e2e/steps/steps.ts";

const images = join(import.meta.dirname, "..", "..", "docs", "images");
const mostBytes = 200_000;

/** Opens a page as a demo account, live and with all its data. */
export async function open(browser: Browser, role: Role, path: string): Promise<Page> {
  const page = await openAs(browser, role);
  await page.setViewportSize(sizes[0]);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openLive(page, path);
  await expect(page.locator("main [aria-busy=true]")).toHaveCount(0);
  return page;
}

const sizes = [
  { width: 1280, height: 860, suffix: "" },
  { width: 360, height: 740, suffix: "-360" },
] as const;

/**
 * Takes a page at both widths in both colour schemes: `home.png`, `home-dark.png`, `home-360.png` and
 * `home-360-dark.png`. The page must not scroll sideways.
 *
 * @param show Called after each change of the width, to scroll to the subject.
 */
export async function take(page: Page, name: string, show = async () => {}): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  for (const { suffix, ...size } of sizes) {
    await setWidth(page, name, size);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await show();
      await shoot(page, `${name}${suffix}${colorScheme === "dark" ? "-dark" : ""}`);
    }
  }
}

/** Takes a page at 1280 px in the light colour scheme, and at 360 px with `isNarrow`. */
export async function takeLight(
  page: Page,
  name: string,
  { height = 860, isNarrow = false }: { height?: number; isNarrow?: boolean } = {},
): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.emulateMedia({ colorScheme: "light" });
  for (const { suffix, ...size } of isNarrow ? sizes : sizes.slice(0, 1)) {
    await setWidth(page, name, { width: size.width, height: suffix === "" ? height : size.height });
    await shoot(page, `${name}${suffix}`);
  }
}

async function setWidth(page: Page, name: string, size: { width: number; height: number }) {
  await page.setViewportSize(size);
  const scrollWidth = () => page.evaluate(() => document.documentElement.scrollWidth);
  await expect.poll(scrollWidth, `${name} at ${size.width} px`).toBeLessThanOrEqual(size.width);
}

/** Takes what the page shows. */
export async function shoot(page: Page, name: string): Promise<void> {
  const path = join(images, `${name}.png`);
  await page.mouse.move(0, 0);
  await page.screenshot({ path, caret: "hide", animations: "disabled" });
  expect(statSync(path).size, path).toBeLessThanOrEqual(mostBytes);
}
