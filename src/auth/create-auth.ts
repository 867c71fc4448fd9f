import { cookies, headers } from "next/headers";
import NextAuth from "next-auth";
import { cache } from "react";
import type { Database } from "@/db/database.ts";
import { anonymous, type Viewer } from "@/db/viewer.ts";
import type { Env } from "@/lib/env.ts";
import { isBanned } from "./assert-not-banned.ts";
import type { AuthContext } from "./auth-context.ts";
import { changePassword } from "./password/change-password.ts";
import { checkPassword } from "./password/check-password.ts";
import { endExpiredSessions } from "./session/end-expired-sessions.ts";
import { findSession, type SignedIn } from "./session/find-session.ts";
import { revokeOtherSessions } from "./session/revoke-other-sessions.ts";
import { revokeSession } from "./session/revoke-session.ts";
import { readCookie, sessionCookie } from "./session/session-cookie.ts";
import {
  decodeSessionToken,
  encodeSessionToken,
  type SessionToken,
} from "./session/session-token.ts";
import { startSession } from "./session/start-session.ts";
import { type AttemptLimits, createAttempts } from "./sign-in/attempts.ts";
import { nextAuthOptions } from "./sign-in/next-auth-options.ts";
import { requestSource } from "./sign-in/request-source.ts";
import { signUp } from "./sign-in/sign-up.ts";

/** Second argument that Next passes to a route handler under `[...nextauth]`. */
export interface NextAuthRouteContext {
  readonly params: Promise<{ readonly nextauth: string[] }>;
}

export interface Auth {
  /** The current viewer for server components and actions. Cached per request. */
  getViewer(): Promise<Viewer & { readonly sessionId: string | null; readonly isNew: boolean }>;
  /** The viewer of a request to a route handler. Null without a valid session. */
  getViewerFrom(request: Request): Promise<SignedIn | null>;
  /**
   * The session and account in the token of a request, without a check that the session still exists. Use
   * it to count requests per account and to refuse those of another account's page, never to authorize.
   */
  claim(request: { readonly headers: Pick<Headers, "get"> }): Promise<SessionToken | null>;
  /**
   * Whether the token of a request names a banned account. Only browsers in which that account was signed
   * in have such a token.
   */
  isBanned(request: Request): Promise<boolean>;
  /** For server actions: checks e-mail and password and sets the cookie. Throws like `checkPassword`. */
  signIn(input: unknown): Promise<void>;
  /** For server actions: creates an account and signs in. Throws like `signUp`. */
  signUp(input: unknown): Promise<void>;
  /** For server actions: revokes this session and clears the cookie. */
  signOut(): Promise<void>;
  /** Ends expired sessions; see {@link endExpiredSessions}. */
  endExpiredSessions(): Promise<number>;
  /** Ends one of the viewer's own sessions. Throws like `revokeSession`. */
  revokeSession(viewer: Viewer, sessionId: string, origin?: string): Promise<void>;
  /** Ends all other sessions of the viewer. Throws like `revokeOtherSessions`. */
  revokeOtherSessions(origin?: string): Promise<void>;
  /** For server actions: changes the viewer's password. Throws like `changePassword`. */
  changePassword(input: unknown): Promise<void>;
  /** Route handler under `app/api/auth/`, for GitHub's OAuth flow and the forms of next-auth. */
  handle(request: Request, context: NextAuthRouteContext): Promise<Response>;
}

export interface AuthOptions {
  readonly database: Database;
  readonly env: Env["auth"];
  readonly limits?: AttemptLimits;
  /** Called with the user id after the transaction that revoked a session has committed. */
  readonly onSessionEnded?: (userId: string) => void;
  readonly onSignedUp?: AuthContext["onSignedUp"];
}

/**
 * Creates the authentication of the site. A token alone proves nothing: it has to name a session row that
 * is neither revoked nor expired.
 */
export function createAuth({
  database,
  env,
  limits,
  onSessionEnded,
  onSignedUp,
}: AuthOptions): Auth {
  const attempts = createAttempts(database, limits);
  const context: AuthContext = { database, attempts, onSessionEnded, onSignedUp };
  const cookie = sessionCookie(env.url);

  async function findByToken(token: string | undefined): Promise<SignedIn | null> {
    if (token === undefined) return null;
    const claims = await decodeSessionToken(token, env.secret);
    return claims === null ? null : findSession(context, claims);
  }

  const getSignedIn = cache(async () => findByToken((await cookies()).get(cookie.name)?.value));

  async function begin(userId: string, passwordHash?: string): Promise<void> {
    const { sessionId, expiresAt } = await startSession(
      context,
      userId,
      requestSource(await headers()),
      passwordHash,
    );
    const token = await encodeSessionToken({ sessionId, userId }, env.secret);
    (await cookies()).set(cookie.name, token, { ...cookie.options, expires: expiresAt });
  }

  const getViewerFrom = (request: Request) => findByToken(readCookie(request.headers, cookie.name));

  const claim = async (request: { readonly headers: Pick<Headers, "get"> }) => {
    const token = readCookie(request.headers, cookie.name);
    return token === undefined ? null : decodeSessionToken(token, env.secret);
  };

  return {
    getViewer: async () => (await getSignedIn()) ?? { ...anonymous, sessionId: null, isNew: false },
    getViewerFrom,
    claim,
    isBanned: async (request) => {
      const claimed = await claim(request);
      return claimed !== null && isBanned(context, claimed.userId);
    },
    signIn: async (input) => {
      const found = await checkPassword(context, input, requestSource(await headers()));
      await begin(found.userId, found.passwordHash);
    },
    signUp: async (input) => {
      const { userId } = await signUp(context, input, requestSource(await headers()));
      await begin(userId);
    },
    signOut: async () => {
      const jar = await cookies();
      const session = await findByToken(jar.get(cookie.name)?.value);
      if (session !== null) await revokeSession(context, session, session.sessionId);
      jar.delete({ name: cookie.name, ...cookie.options });
    },
    endExpiredSessions: () => endExpiredSessions(context),
    revokeSession: (viewer, sessionId, origin) => revokeSession(context, viewer, sessionId, origin),
    revokeOtherSessions: async (origin) =>
      revokeOtherSessions(context, await getSignedIn(), origin),
    changePassword: async (input) =>
      changePassword(context, await getSignedIn(), input, requestSource(await headers())),
    handle: async (request, route) => {
      const { nextauth } = await route.params;
      // next-auth would treat an unreachable database as an ended session and clear the cookie.
      if (nextauth[0] === "_log") return new Response(null, { status: 404 });
      if (nextauth[0] === "session") return sessionResponse(await getViewerFrom(request));
      const options = nextAuthOptions(context, env, requestSource(request.headers));
      return NextAuth(request as never, route as never, options);
    },
  };
}

function sessionResponse(session: SignedIn | null): Response {
  const body = session === null ? {} : { user: { id: session.userId, role: session.role } };
  return Response.json(body, { headers: { "cache-control": "private, no-store" } });
}
