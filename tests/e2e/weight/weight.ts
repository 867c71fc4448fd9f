import { gzipSync } from "node:zlib";
import { expect, type Page, type Response, test } from "@playwright/test";
import { untilClosed } from "../../support/browser/page-tasks.ts";

/** docs/decisions/0009 lists their content. */
export const slimBudgetBytes = 201_400;
export const pusherBudgetBytes = 220_000;

/** The scripts that a page loads from now on, as sent by the site: gzip. */
export function measureScripts(page: Page) {
  const scripts = new Map<string, { bytes: number; hasPusherJs: boolean } | undefined>();
  const weigh = async (response: Response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.endsWith(".js")) return;
    scripts.set(pathname, undefined); // not read yet
    const body = await response.body();
    scripts.set(pathname, {
      bytes: gzipSync(body).length,
      // An error message of the package.
      hasPusherJs: body.includes("You must pass your app key when you instantiate Pusher"),
    });
  };
  page.on("response", untilClosed(page, weigh));
  return {
    /** Waits until nothing loads. The list of shortcuts loads when a reader opens it. */
    settle: async ({ opensShortcuts = true } = {}) => {
      if (opensShortcuts) {
        await page.keyboard.press("?");
        await expect(page.getByRole("dialog")).toBeVisible();
      }
      await page.waitForLoadState("networkidle");
      await expect.poll(() => [...scripts.values()].includes(undefined)).toBe(false);
      const sizes = [...scripts].map(([name, measured]) => ({
        name,
        bytes: 0,
        hasPusherJs: false,
        ...measured,
      }));
      const heaviest = sizes.sort((one, other) => other.bytes - one.bytes);
      const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
      test.info().annotations.push({ type: "weight", description: `${total} bytes` });
      expect(sizes.length).toBeGreaterThan(0);
      return {
        total,
        heaviest: JSON.stringify(heaviest, null, 1),
        hasPusherJs: sizes.some(({ hasPusherJs }) => hasPusherJs),
        pusherJs: sizes.find(({ hasPusherJs }) => hasPusherJs)?.name,
      };
    },
  };
}
