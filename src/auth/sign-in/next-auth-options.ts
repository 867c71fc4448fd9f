import type { AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import GithubProvider from "next-auth/providers/github";
import type { Env } from "@/lib/env.ts";
import { log } from "@/lib/logging/log.ts";
import { assertNotBanned } from "../assert-not-banned.ts";
import type { AuthContext, RequestSource } from "../auth-context.ts";
import { checkPassword } from "../password/check-password.ts";
import { findSession } from "../session/find-session.ts";
import { revokeSession } from "../session/revoke-session.ts";
import { sessionCookie } from "../session/session-cookie.ts";
import { sessionClaims } from "../session/session-token.ts";
import { SESSION_AGE_S, startSession } from "../session/start-session.ts";
import { githubAccount } from "./github-account.ts";
import { type GithubProfile, withVerifiedEmail } from "./github-profile.ts";
import { toLocalPath } from "./local-path.ts";
import { toSignInErrorCode } from "./sign-in-error.ts";

const signInPage = "/sign-in";

/** Options of next-auth for one request. Sessions are rows in the database, found by the token. */
export function nextAuthOptions(
  context: AuthContext,
  env: Env["auth"],
  source: RequestSource,
): AuthOptions {
  return {
    secret: env.secret,
    session: { strategy: "jwt", maxAge: SESSION_AGE_S },
    cookies: { sessionToken: { ...sessionCookie(env.url) } },
    pages: { signIn: signInPage, error: signInPage },
    providers: [
      CredentialsProvider({
        credentials: { email: { type: "email" }, password: { type: "password" } },
        authorize: async (given) => {
          try {
            const { userId, passwordHash } = await checkPassword(context, given, source);
            return { id: userId, passwordHash };
          } catch (error) {
            const code = toSignInErrorCode(error);
            if (code === "failed") log.error("sign-in failed", { cause: error });
            throw new Error(code, { cause: error });
          }
        },
      }),
      ...(env.github === null
        ? []
        : [
            GithubProvider({
              clientId: env.github.id,
              clientSecret: env.github.secret,
              userinfo: {
                url: "https://api.github.com/user",
                request: async ({ client, tokens }) =>
                  withVerifiedEmail(
                    await client.userinfo<object>(tokens.access_token ?? ""),
                    tokens.access_token ?? "",
                  ),
              },
            }),
          ]),
    ],
    callbacks: {
      redirect: ({ url, baseUrl }) => `${baseUrl}${toLocalPath(url, baseUrl)}`,
      signIn: async ({ user, account, profile }) => {
        if (account?.provider !== "github") return true;
        try {
          const { login, isEmailVerified } = (profile ?? {}) as Partial<GithubProfile>;
          const id = account.providerAccountId;
          // next-auth passes this object to `jwt`, so the id is that of our account from here on.
          user.id = (await githubAccount(context, { ...user, id, login, isEmailVerified })).userId;
          await assertNotBanned(context, user.id);
          return true;
        } catch (error) {
          const code = toSignInErrorCode(error);
          if (code === "failed") log.error("sign-in with GitHub failed", { cause: error });
          return `${signInPage}?error=${code}`;
        }
      },
      // Called at sign-in. Sessions are read in create-auth.ts, not by next-auth.
      jwt: async ({ user }) => {
        // Set by `authorize`; absent for GitHub.
        const { passwordHash } = user as { passwordHash?: string };
        const { sessionId } = await startSession(context, user.id, source, passwordHash);
        return { sid: sessionId, sub: user.id };
      },
    },
    events: {
      signOut: async ({ token }) => {
        const claims = sessionClaims.safeParse(token);
        if (!claims.success) return;
        const session = await findSession(context, claims.data);
        if (session !== null) await revokeSession(context, session, session.sessionId);
      },
    },
    logger: {
      error: (code, cause) => log.error("next-auth", { code, cause }),
      warn: (code) => log.warn("next-auth", { code }),
      debug: () => {},
    },
  };
}
