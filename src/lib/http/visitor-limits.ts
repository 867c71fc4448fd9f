import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../errors/app-error.ts";
import { addressGroup } from "./client-address.ts";

/** The sender of a request, before any query. */
export interface Visitor {
  /** Id from a token signed by this site, or null. The session may have ended. */
  readonly sessionId: string | null;
  readonly address: string;
}

/** A person who writes, across all sessions. */
export interface Writer {
  readonly userId: string;
  /** Whether the account is younger than a day. */
  readonly isNew: boolean;
}

/** Rate limits per visitor and window. */
export interface VisitorLimits {
  /** @throws {AppError} `too_many_requests`, with the seconds to wait */
  read(visitor: Visitor): Promise<void>;
  /**
   * Counts a page, also one that the router requests.
   *
   * @throws {AppError} `too_many_requests`, with the seconds to wait
   */
  page(visitor: Visitor): Promise<void>;
  /** @throws {AppError} `too_many_requests`, with the seconds to wait */
  write(writer: Writer): Promise<void>;
  /**
   * Counts a server action before anything is read.
   *
   * @throws {AppError} `too_many_requests`, with the seconds to wait
   */
  action(visitor: Visitor): Promise<void>;
  /**
   * Counts a server action of a signed-in person, across all sessions.
   *
   * @throws {AppError} `too_many_requests`, with the seconds to wait
   */
  actionOf(userId: string): Promise<void>;
  /**
   * Runs `count`, which resolves to whether it counted a view of the article by a browser that was new
   * today. It is not called when the address has used up its views for the day.
   */
  newView(view: ViewedFrom, count: () => Promise<boolean>): Promise<void>;
}

export interface ViewedFrom {
  readonly address: string;
  readonly articleId: string;
}

export interface VisitorLimitsOptions {
  /** Default 10. */
  readonly windowS?: number;
  /** Default 200: more than a page with a busy discussion needs for its refetches. */
  readonly readsPerSession?: number;
  /** Default 100: for all visitors without a session at one address. Pages are not counted. */
  readonly readsPerAddress?: number;
  /** Default 30: more than a person types. Counted across all sessions of a person. */
  readonly writesPerPerson?: number;
  /** Default 10: for an account younger than a day. */
  readonly writesOfNewcomer?: number;
  /** Writes in an hour. Default 1,500; an open editor saves at most once in a few seconds. */
  readonly hourlyWritesPerPerson?: number;
  /** Writes in an hour of an account younger than a day. Default 300. */
  readonly hourlyWritesOfNewcomer?: number;
  /** Default 400, per session or address: visitors without a session may share one address. */
  readonly pages?: number;
  /** Default 30: more than a person can type. */
  readonly actionsPerSession?: number;
  /** Default 30: for all visitors without a session at one address. They can only sign in or sign up. */
  readonly actionsPerAddress?: number;
  /** Default 60: per account, across all browsers. */
  readonly actionsPerPerson?: number;
  /**
   * Default 20: views without an account that one address can add to one article per day. Browsers are
   * distinguished by a cookie, which a client may drop.
   */
  readonly newViewsPerAddress?: number;
}

const hourS = 3_600;
const dayS = 86_400;

/**
 * Creates rate limits with counters in this process, since a count in the database would cost more than the
 * read it prevents. A visitor with a session is counted by the session, so that an office behind one
 * address does not share one allowance; sign-in itself is limited. Other visitors are counted by address,
 * with an IPv6 /64 network as one.
 */
export function createVisitorLimits({
  windowS = 10,
  readsPerSession = 200,
  readsPerAddress = 100,
  writesPerPerson = 30,
  writesOfNewcomer = 10,
  hourlyWritesPerPerson = 1_500,
  hourlyWritesOfNewcomer = 300,
  pages = 400,
  actionsPerSession = 30,
  actionsPerAddress = 30,
  actionsPerPerson = 60,
  newViewsPerAddress = 20,
}: VisitorLimitsOptions = {}): VisitorLimits {
  const limiter = (points: number, duration = windowS) =>
    new RateLimiterMemory({ points, duration });
  /** Counts a visitor with a session by the session, another one by the address. */
  const perVisitor = (ofSession: RateLimiterMemory, ofAddress: RateLimiterMemory) => {
    return ({ sessionId, address }: Visitor) =>
      sessionId === null ? take(ofAddress, addressGroup(address)) : take(ofSession, sessionId);
  };
  const writes = { short: limiter(writesPerPerson), hour: limiter(hourlyWritesPerPerson, hourS) };
  const newcomers = {
    short: limiter(writesOfNewcomer),
    hour: limiter(hourlyWritesOfNewcomer, hourS),
  };
  const actionsOfPerson = limiter(actionsPerPerson);
  const newViews = limiter(newViewsPerAddress, dayS);
  return {
    write: async ({ userId, isNew }) => {
      const { short, hour } = isNew ? newcomers : writes;
      await take(short, userId);
      await take(hour, userId);
    },
    read: perVisitor(limiter(readsPerSession), limiter(readsPerAddress)),
    page: perVisitor(limiter(pages), limiter(pages)),
    action: perVisitor(limiter(actionsPerSession), limiter(actionsPerAddress)),
    actionOf: (userId) => take(actionsOfPerson, userId),
    newView: async ({ address, articleId }, count) => {
      const key = `${addressGroup(address)} ${articleId}`;
      const refusal = await refusalOf(newViews, key);
      if (refusal !== null) return;
      // Reserved before the write, so that concurrent requests cannot exceed the limit.
      const isNew = await count().catch(async (error: unknown) => {
        await newViews.reward(key);
        throw error;
      });
      if (!isNew) await newViews.reward(key);
    },
  };
}

async function refusalOf(limiter: RateLimiterMemory, key: string): Promise<RateLimiterRes | null> {
  const refusal: unknown = await limiter.consume(key).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (refusal === null || refusal instanceof RateLimiterRes) return refusal;
  throw refusal;
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  const refusal = await refusalOf(limiter, key);
  if (refusal === null) return;
  const retryAfterS = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
  const seconds = inWords(retryAfterS);
  throw new AppError(
    "too_many_requests",
    `Too many requests. Wait ${seconds} and try again. Nothing is lost.`,
    { retryAfterS },
  );
}

function inWords(seconds: number): string {
  if (seconds === 1) return "a second";
  return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
