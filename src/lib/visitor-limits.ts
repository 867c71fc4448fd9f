import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "./app-error.ts";

/** Who is asking, as far as it is known. */
export interface Visitor {
  /** By a token that only we can have made, or null. */
  readonly sessionId: string | null;
  readonly address: string;
}

/** A person who writes, with however many sessions. */
export interface Writer {
  readonly userId: string;
  /** Whether the account is younger than a day. */
  readonly isNew: boolean;
}

/** Requests a visitor may make in one window; what is beyond waits for the next. */
export interface VisitorLimits {
  /** @throws {AppError} `too_many_requests`, with the seconds to wait */
  read(visitor: Visitor): Promise<void>;
  /** @throws {AppError} `too_many_requests`, with the seconds to wait */
  write(writer: Writer): Promise<void>;
}

export interface VisitorLimitsOptions {
  /** Default 10. */
  readonly windowS?: number;
  /** Default 200: a page that a lively discussion makes read again and again stays below. */
  readonly readsPerSession?: number;
  /** Default 100: of everybody without a session behind one address; whole pages are not counted. */
  readonly readsPerAddress?: number;
  /** Default 30: more than a person types. Counted for all sessions of a person together. */
  readonly writesPerPerson?: number;
  /** Default 10: of an account younger than a day. */
  readonly writesOfNewcomer?: number;
  /** Writes in an hour. Default 1,500; an open editor saves at most once in a few seconds. */
  readonly hourlyWritesPerPerson?: number;
  /** Writes in an hour of an account younger than a day. Default 300. */
  readonly hourlyWritesOfNewcomer?: number;
}

const hourS = 3_600;

/**
 * Counts in this process, since a count in the database would cost more than the read it refuses. Whoever
 * has a session is counted by it, so that an office behind one address does not share one allowance;
 * sessions are limited where they begin. Everybody else is counted by address.
 */
export function createVisitorLimits({
  windowS = 10,
  readsPerSession = 200,
  readsPerAddress = 100,
  writesPerPerson = 30,
  writesOfNewcomer = 10,
  hourlyWritesPerPerson = 1_500,
  hourlyWritesOfNewcomer = 300,
}: VisitorLimitsOptions = {}): VisitorLimits {
  const limiter = (points: number, duration = windowS) =>
    new RateLimiterMemory({ points, duration });
  const readsOfSession = limiter(readsPerSession);
  const readsOfAddress = limiter(readsPerAddress);
  const writes = { short: limiter(writesPerPerson), hour: limiter(hourlyWritesPerPerson, hourS) };
  const newcomers = {
    short: limiter(writesOfNewcomer),
    hour: limiter(hourlyWritesOfNewcomer, hourS),
  };
  return {
    read: ({ sessionId, address }) =>
      sessionId === null ? take(readsOfAddress, address) : take(readsOfSession, sessionId),
    write: async ({ userId, isNew }) => {
      const { short, hour } = isNew ? newcomers : writes;
      await take(short, userId);
      await take(hour, userId);
    },
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
  const seconds = inWords(retryAfterS);
  throw new AppError(
    "too_many_requests",
    `That was a lot at once. Wait ${seconds} and try again; nothing is lost.`,
    { retryAfterS },
  );
}

function inWords(seconds: number): string {
  if (seconds === 1) return "a second";
  return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
