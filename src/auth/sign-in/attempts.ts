import { createHash } from "node:crypto";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Database } from "@/db/database.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { addressGroup } from "@/lib/http/client-address.ts";
import { createRateLimitStore } from "./rate-limit-store.ts";

/** Attempts allowed per number of seconds. */
export interface AttemptLimit {
  readonly points: number;
  readonly duration: number;
}

export interface AttemptLimits {
  readonly signInPerAddress: AttemptLimit;
  /** Per network address and account. */
  readonly signInPerAccount: AttemptLimit;
  readonly signUpPerAddress: AttemptLimit;
  /** Per network address and e-mail. */
  readonly signUpPerAccount: AttemptLimit;
}

/**
 * Several people behind one network address can sign in. The limit per account always includes the address:
 * otherwise a stranger could lock out its owner by guessing.
 */
export const defaultLimits: AttemptLimits = {
  signInPerAddress: { points: 50, duration: 600 },
  signInPerAccount: { points: 10, duration: 600 },
  signUpPerAddress: { points: 10, duration: 3_600 },
  signUpPerAccount: { points: 5, duration: 3_600 },
};

/** Counts each attempt before it is made. The counters are in the database, so they hold across processes. */
export interface Attempts {
  /** @throws {AppError} `too_many_requests` */
  signIn(from: { readonly address: string; readonly email: string }): Promise<void>;
  /** Clears the failed attempts of this address for this account. */
  signedIn(from: { readonly address: string; readonly email: string }): Promise<void>;
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
  const signInPerAccount = limiter("sign-in-account", limits.signInPerAccount);
  const signUpPerAddress = limiter("sign-up-address", limits.signUpPerAddress);
  const signUpPerAccount = limiter("sign-up-account", limits.signUpPerAccount);
  return {
    signIn: async ({ address, email }) => {
      await consume(signInPerAddress, addressGroup(address));
      await consume(signInPerAccount, pairOf(address, email));
    },
    signedIn: async ({ address, email }) => {
      await signInPerAccount.delete(digest(pairOf(address, email)));
    },
    signUp: async ({ address, email }) => {
      await consume(signUpPerAddress, addressGroup(address));
      await consume(signUpPerAccount, pairOf(address, email));
    },
  };
}

const pairOf = (address: string, email: string) => `${addressGroup(address)} ${email}`;

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

/** Hashes a key, so that the table of attempts contains no addresses and e-mails. */
function digest(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}
