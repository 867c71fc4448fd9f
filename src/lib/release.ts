/** Name of the release this code was built as, from `RELEASE` at build time; empty when none was given. */
// biome-ignore lint/style/noProcessEnv: the bundler puts a constant here
export const release: string = process.env.RELEASE ?? "";
