/**
 * Why a publish failed, as far as a broker's error tells: `blame: "content"` says that one of the events
 * will never be taken as it is. Everything else (away, unauthorised, too busy, unknown app) says nothing
 * about the events.
 */
export function isRefusalOfContent(error: unknown): error is Error {
  return error instanceof Error && "blame" in error && error.blame === "content";
}
