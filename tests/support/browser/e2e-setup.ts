import { setSiteTemplate } from "../runner/environment.ts";
import { ensureBuild } from "./build.ts";
import { missingBrowser } from "./chromium.ts";
import { createTemplate, removeFolder } from "./site-folder.ts";

/**
 * Runs once before the browser tests: makes the production build and the data folder that all workers use.
 *
 * @returns what runs after the tests
 */
// biome-ignore lint/style/noDefaultExport: Playwright requires it
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const missing = missingBrowser();
  if (missing !== null) {
    process.stderr.write(`${missing}\n`);
    return undefined;
  }
  ensureBuild();
  const folder = await createTemplate();
  setSiteTemplate(folder);
  return () => removeFolder(folder);
}
