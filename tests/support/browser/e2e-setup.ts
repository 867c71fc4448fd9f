import { ensureBuild } from "./build.ts";
import { missingBrowser } from "./chromium.ts";

/** Runs once before the browser tests: makes the production build that all workers use. */
// biome-ignore lint/style/noDefaultExport: Playwright requires it
export default function setup(): void {
  const missing = missingBrowser();
  if (missing === null) ensureBuild();
  else process.stderr.write(`${missing}\n`);
}
