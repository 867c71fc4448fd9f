/** At most this many origins are logged per minute. */
const reportedAtMost = 20;
const everyMs = 60_000;

export interface ForeignOriginsOptions {
  readonly warn: (message: string, fields: { readonly origin: string }) => void;
  /** Milliseconds. Default `performance.now`. */
  readonly now?: () => number;
}

/**
 * Logs the origins of refused requests: each origin once a minute, at most 20 of them, since a client can
 * send any origin.
 */
export function createForeignOrigins({
  warn,
  now = () => performance.now(),
}: ForeignOriginsOptions): (origin: string) => void {
  let reported = new Set<string>();
  let sinceMs = Number.NEGATIVE_INFINITY;
  return (origin) => {
    if (now() - sinceMs >= everyMs) {
      reported = new Set();
      sinceMs = now();
    }
    if (reported.has(origin) || reported.size >= reportedAtMost) return;
    reported.add(origin);
    warn(
      "A request from another origin was refused. If the site is served there, add the origin to ALLOWED_ORIGINS.",
      { origin: origin.slice(0, 200) },
    );
  };
}
