/** Next calls this once per server process, before the first request. */
export async function register(): Promise<void> {
  // Not at the top: the file is also built for the edge runtime, which has none of this.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { startBackground } = await import("./instrumentation-node.ts");
    startBackground();
  }
}
