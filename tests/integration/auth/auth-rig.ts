import { encodeSessionToken } from "@/auth/session/session-token.ts";
import { startSession } from "@/auth/session/start-session.ts";
import { type AttemptLimits, createAttempts } from "@/auth/sign-in/attempts.ts";
import { signUp } from "@/auth/sign-in/sign-up.ts";
import type { Database } from "@/db/database.ts";
import { cookieName, secret, source, url } from "./auth-site.ts";

export const limits: AttemptLimits = {
  signInPerAddress: { points: 6, duration: 600 },
  signInPerAccount: { points: 3, duration: 600 },
  signUpPerAddress: { points: 4, duration: 600 },
  signUpPerAccount: { points: 2, duration: 600 },
};
export const pim = {
  handle: "pim",
  name: "Pim",
  email: "pim@example.org",
  password: "paper and ink",
};

export const requestWith = (headers: Record<string, string>) => new Request(url, { headers });
export const requestWithToken = (token: string) =>
  requestWith({ cookie: `${cookieName}=${token}` });

export const contextFor = (database: Database) => ({
  database,
  attempts: createAttempts(database, limits),
});

/** Signs a person up and in. */
export async function signIn(database: Database, input: typeof pim) {
  const { userId } = await signUp(contextFor(database), input, source);
  const { sessionId } = await startSession(contextFor(database), userId, source);
  const token = await encodeSessionToken({ userId, sessionId }, secret);
  return { userId, sessionId, token, request: requestWithToken(token) };
}
