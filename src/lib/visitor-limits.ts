import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "./app-error.ts";

/** Who is asking, as far as it is known. */
export interface Visitor {
  /** By a token that only we can have made, or null. */
  readonly sessionId: string | null;
  readonly address: string;
}

/** Requests a visitor may make in one window; what is beyond waits for the next. */
export interface VisitorLimits {
  /** @throws {AppError} `too_many_requests`, with the seconds to wait */
  read(visitor: Visitor): Promise<void>;
  /** @throws {AppError} `too_many_requests`, with the seconds to wait */
  write(sessionId: string): Promise<void>;
}

export interface VisitorLimitsOptions {
  /** Default 10. */
  readonly windowS?: number;
  /** Default 200: a page that a lively discussion makes read again and again stays below. */
  readonly readsPerSession?: number;
  /** Default 100: of everybody without a session behind one address; whole pages are not counted. */
  readonly readsPerAddress?: number;
  /** Default 30: nobody types faster. */
  readonly writesPerSession?: number;
}

/**
 * Counts in this process, since a count in the database would cost more than the read it refuses. Whoever
 * has a session is counted by it, so that an office behind one address does not share one allowance;
 * sessions are limited where they begin. Everybody else is counted by address.
 */
export function createVisitorLimits({
  windowS = 10,
  readsPerSession = 200,
  readsPerAddress = 100,
  writesPerSession = 30,
}: VisitorLimitsOptions = {}): VisitorLimits {
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: windowS });
  const readsOfSession = limiter(readsPerSession);
  const readsOfAddress = limiter(readsPerAddress);
  const writesOfSession = limiter(writesPerSession);
  return {
    read: ({ sessionId, address }) =>
      sessionId === null ? take(readsOfAddress, address) : take(readsOfSession, sessionId),
    write: (sessionId) => take(writesOfSession, sessionId),
  };
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  const refusal: unknown = await limiter.consume(key).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (refusal === undefined) return;
  if (!(refusal instanceof RateLimiterRes)) throw refusal;
  const retryAfterS = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
  const seconds = retryAfterS === 1 ? "a second" : `${retryAfterS} seconds`;
  throw new AppError(
    "too_many_requests",
    `That was a lot at once. Wait ${seconds} and try again; nothing is lost.`,
    { retryAfterS },
  );
}
