import { gzipSync } from "node:zlib";
import { expect, type Page, test } from "@playwright/test";

/** What is in them: docs/decisions/0009. */
export const slimBudgetBytes = 197_000;
export const pusherBudgetBytes = 217_000;

/** The scripts that a page loads from now on, as the site sends them: gzip. */
export function measureScripts(page: Page) {
  const scripts = new Map<string, Promise<{ bytes: number; hasPusherJs: boolean }>>();
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.endsWith(".js")) return;
    const measured = response.body().then((body) => ({
      bytes: gzipSync(body).length,
      // An error message of the package.
      hasPusherJs: body.includes("You must pass your app key when you instantiate Pusher"),
    }));
    // Without a page there are no bodies; the rejection is thrown by `settle`.
    measured.catch(() => {});
    scripts.set(pathname, measured);
  });
  return {
    /** Waits until nothing is loaded any more. The list of shortcuts is loaded when a reader opens it. */
    settle: async ({ opensShortcuts = true } = {}) => {
      if (opensShortcuts) {
        await page.keyboard.press("?");
        await expect(page.getByRole("dialog")).toBeVisible();
      }
      await page.waitForLoadState("networkidle");
      const sizes = await Promise.all(
        [...scripts].map(async ([name, measured]) => ({ name, ...(await measured) })),
      );
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
