/**
 * Whether a broker's error has `blame: "content"`: it will never accept one of the events. All other failures
 * (unreachable, unauthorised, overloaded, unknown app) are not caused by the events.
 */
export function isRefusalOfContent(error: unknown): error is Error {
  return error instanceof Error && "blame" in error && error.blame === "content";
}
