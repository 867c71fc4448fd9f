/** Name of the release: `RELEASE` of this process, or else of the build; empty when neither is set. */
// biome-ignore lint/style/noProcessEnv: the bundler puts a constant in place of the second one
export const release: string = process.env.RELEASE || process.env.BUILT_RELEASE || "";
