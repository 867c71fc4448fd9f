// biome-ignore-all lint/style/noProcessEnv: only here do tests read and set the environment

import { existsSync } from "node:fs";

export const isCi = Boolean(process.env.CI);
export const chromiumPath = process.env.CHROMIUM_PATH || "/usr/bin/chromium";
const headlessShell = "/usr/bin/chromium-headless-shell";
/** Chromium without its windows and menus, where it is installed: it takes a third less of the CPU. */
export const lightChromiumPath = existsSync(headlessShell) ? headlessShell : chromiumPath;
/** A host name of the site that is not a secure context in browsers, unlike localhost. */
export const lanHost = "inkwell.lan";
export const searchPath = process.env.PATH ?? "";

const templateVariable = "INKWELL_E2E_TEMPLATE";
/** The data folder that sites of the browser tests start with, for the workers of this run. */
export function setSiteTemplate(folder: string): void {
  process.env[templateVariable] = folder;
}
export function siteTemplate(): string {
  const folder = process.env[templateVariable];
  if (folder === undefined) throw new Error("The setup of the browser tests made no data folder.");
  return folder;
}
