/** A rate limit per session. Where several processes serve one session, implement it on a shared store. */
export interface RateLimit {
  /** Counts one request of a session. @returns 0 when it may pass, otherwise the milliseconds to wait */
  take(session: string): number;
}

/** Options of {@link createTokenBucket}. */
export interface TokenBucketOptions {
  /** Maximum number of requests at once. Default 60. */
  readonly burst?: number;
  /** Sustained requests per second. Default 10. */
  readonly perSecond?: number;
  /** Maximum number of sessions in memory; the least recently used is dropped first. Default 10,000. */
  readonly sessions?: number;
  /** Returns the time in ms. Default `Date.now`. */
  readonly now?: () => number;
}

/** Creates an in-memory rate limit with one token bucket per session. */
export function createTokenBucket({
  burst = 60,
  perSecond = 10,
  sessions = 10_000,
  now = Date.now,
}: TokenBucketOptions = {}): RateLimit {
  // A Map keeps insertion order and each use inserts again, so the first key is the least recently used.
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take: (session) => {
      const at = now();
      const bucket = buckets.get(session) ?? { tokens: burst, at };
      const gained = (Math.max(0, at - bucket.at) * perSecond) / 1000;
      const tokens = Math.min(burst, bucket.tokens + gained);
      const passes = tokens >= 1;
      buckets.delete(session);
      buckets.set(session, { tokens: passes ? tokens - 1 : tokens, at });
      const [oldest] = buckets.keys();
      if (buckets.size > sessions && oldest !== undefined) buckets.delete(oldest);
      return passes ? 0 : Math.ceil(((1 - tokens) * 1000) / perSecond);
    },
  };
}
