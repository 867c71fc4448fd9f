/** Name of the release, from `RELEASE` at build time; empty when not set. */
// biome-ignore lint/style/noProcessEnv: the bundler puts a constant here
export const release: string = process.env.RELEASE ?? "";
