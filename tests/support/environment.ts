// biome-ignore-all lint/style/noProcessEnv: the one place where tests read the environment

export const isCi = Boolean(process.env.CI);
export const chromiumPath = process.env.CHROMIUM_PATH || "/usr/bin/chromium";
export const searchPath = process.env.PATH ?? "";
