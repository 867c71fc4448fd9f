import { existsSync } from "node:fs";
import { chromiumPath, isCi } from "../runner/environment.ts";

/** Null when the browser exists, else the remedy. In CI, a missing browser is a failure. */
export function missingBrowser(): string | null {
  if (existsSync(chromiumPath)) return null;
  const message = `No Chromium at ${chromiumPath}. Install it with \`apt-get install -y --no-install-recommends chromium\`, or set CHROMIUM_PATH to another one.`;
  if (isCi) throw new Error(message);
  return message;
}
