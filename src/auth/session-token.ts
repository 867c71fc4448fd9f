import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import { SESSION_AGE_S } from "./start-session.ts";

/** All a token says. Who someone is and what they may do is in the row it names. */
export interface SessionToken {
  readonly sessionId: string;
  readonly userId: string;
}

/** The claims as next-auth reads and writes them. */
export const sessionClaims = z
  .object({ sid: z.uuid(), sub: z.uuid() })
  .transform(({ sid, sub }): SessionToken => ({ sessionId: sid, userId: sub }));

export function encodeSessionToken(
  { sessionId, userId }: SessionToken,
  secret: string,
): Promise<string> {
  return encode({ token: { sid: sessionId, sub: userId }, secret, maxAge: SESSION_AGE_S });
}

/** Null for everything that we have not encrypted ourselves, or that has expired. */
export async function decodeSessionToken(
  token: string,
  secret: string,
): Promise<SessionToken | null> {
  const claims = await decode({ token, secret }).catch(() => null);
  const parsed = sessionClaims.safeParse(claims);
  return parsed.success ? parsed.data : null;
}
