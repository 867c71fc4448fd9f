import { createHash } from "node:crypto";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Database } from "@/db/database.ts";
import { AppError } from "@/lib/app-error.ts";
import { createRateLimitStore } from "./rate-limit-store.ts";

/** How many attempts in how many seconds. */
export interface AttemptLimit {
  readonly points: number;
  readonly duration: number;
}

export interface AttemptLimits {
  readonly signInPerAddress: AttemptLimit;
  readonly signInPerEmail: AttemptLimit;
  readonly signUpPerAddress: AttemptLimit;
  readonly signUpPerEmail: AttemptLimit;
}

/** An office behind one address still signs in; a list of passwords gets nowhere. */
export const defaultLimits: AttemptLimits = {
  signInPerAddress: { points: 50, duration: 600 },
  signInPerEmail: { points: 10, duration: 600 },
  signUpPerAddress: { points: 10, duration: 3_600 },
  signUpPerEmail: { points: 5, duration: 3_600 },
};

/** Counts attempts before they are made, in the database, so across processes. */
export interface Attempts {
  /** @throws {AppError} `too_many_requests` */
  signIn(from: { readonly address: string; readonly email: string }): Promise<void>;
  /** Forgets the failures before a success. */
  signedIn(from: { readonly email: string }): Promise<void>;
  /** @throws {AppError} `too_many_requests` */
  signUp(from: { readonly address: string; readonly email: string }): Promise<void>;
}

export function createAttempts(
  database: Database,
  limits: AttemptLimits = defaultLimits,
): Attempts {
  const storeClient = createRateLimitStore(database);
  const limiter = (keyPrefix: string, limit: AttemptLimit, clears = false) =>
    new RateLimiterPostgres({
      ...limit,
      keyPrefix,
      storeClient,
      storeType: "client",
      tableName: "rate_limits",
      tableCreated: true,
      clearExpiredByTimeout: clears,
    });
  const signInPerAddress = limiter("sign-in-address", limits.signInPerAddress, true);
  const signInPerEmail = limiter("sign-in-email", limits.signInPerEmail);
  const signUpPerAddress = limiter("sign-up-address", limits.signUpPerAddress);
  const signUpPerEmail = limiter("sign-up-email", limits.signUpPerEmail);
  return {
    signIn: async ({ address, email }) => {
      await consume(signInPerAddress, address);
      await consume(signInPerEmail, email);
    },
    signedIn: async ({ email }) => {
      await signInPerEmail.delete(digest(email));
    },
    signUp: async ({ address, email }) => {
      await consume(signUpPerAddress, address);
      await consume(signUpPerEmail, email);
    },
  };
}

async function consume(limiter: RateLimiterPostgres, key: string): Promise<void> {
  const refusal: unknown = await limiter.consume(digest(key)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (refusal === undefined) return;
  if (!(refusal instanceof RateLimiterRes)) throw refusal;
  const retryAfterS = Math.ceil(refusal.msBeforeNext / 1000);
  const minutes = Math.ceil(retryAfterS / 60);
  throw new AppError(
    "too_many_requests",
    `Too many attempts. Wait ${minutes === 1 ? "a minute" : `${minutes} minutes`} and try again.`,
    { retryAfterS },
  );
}

/** The table of attempts need not tell who made them. */
function digest(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}
