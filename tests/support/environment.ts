// biome-ignore-all lint/style/noProcessEnv: only here do tests read the environment

export const isCi = Boolean(process.env.CI);
export const chromiumPath = process.env.CHROMIUM_PATH || "/usr/bin/chromium";
/** A host name of the site that is not a secure context in browsers, unlike localhost. */
export const lanHost = "inkwell.lan";
export const searchPath = process.env.PATH ?? "";
