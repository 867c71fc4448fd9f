import { type BrowserContext, chromium, type LaunchOptions } from "@playwright/test";
import { freePort, LOOPBACK } from "../../../scripts/parts/ports.ts";
import { chromiumPath } from "../runner/environment.ts";

export interface PlainBrowser {
  readonly context: BrowserContext;
  readonly close: () => Promise<void>;
}

/**
 * A browser whose tabs can be hidden and frozen. In browsers that Playwright starts, every tab counts as
 * visible, and Chromium does not freeze visible tabs. It is the whole browser: the headless shell freezes none.
 */
export async function openPlainBrowser({
  args = [],
  ...rest
}: LaunchOptions): Promise<PlainBrowser> {
  const port = await freePort();
  const launched = await chromium.launch({
    ...rest,
    executablePath: chromiumPath,
    args: [...args, `--remote-debugging-port=${port}`],
  });
  const browser = await chromium.connectOverCDP(`http://${LOOPBACK}:${port}`, { noDefaults: true });
  const close = async () => {
    await browser.close();
    await launched.close();
  };
  const [context] = browser.contexts();
  if (context !== undefined) return { context, close };
  await close();
  throw new Error("The browser has no default context.");
}
