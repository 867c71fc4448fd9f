/** Says no to floods. Replace it with a shared one where several processes serve one session. */
export interface RateLimit {
  /** Takes one request of a session. @returns 0 when it may pass, else the milliseconds to wait */
  take(session: string): number;
}

export interface TokenBucketOptions {
  /** Requests at once after a pause. Default 60. */
  readonly burst?: number;
  /** Requests per second in the long run. Default 10. */
  readonly perSecond?: number;
  /** Sessions remembered; the longest silent one is forgotten first. Default 10,000. */
  readonly sessions?: number;
  /** Milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

/** One bucket of tokens per session, in memory. */
export function createTokenBucket({
  burst = 60,
  perSecond = 10,
  sessions = 10_000,
  now = Date.now,
}: TokenBucketOptions = {}): RateLimit {
  // A Map keeps the order of insertion, and each use inserts anew: the first key is the oldest.
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
