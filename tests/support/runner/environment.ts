// biome-ignore-all lint/style/noProcessEnv: only here do tests read the environment

import { existsSync } from "node:fs";

export const isCi = Boolean(process.env.CI);
export const chromiumPath = process.env.CHROMIUM_PATH || "/usr/bin/chromium";
const headlessShell = "/usr/bin/chromium-headless-shell";
/** Chromium without its windows and menus, where it is installed: it takes a third less of the CPU. */
export const lightChromiumPath = existsSync(headlessShell) ? headlessShell : chromiumPath;
/** A host name of the site that is not a secure context in browsers, unlike localhost. */
export const lanHost = "inkwell.lan";
export const searchPath = process.env.PATH ?? "";
