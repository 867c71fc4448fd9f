import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import { SESSION_AGE_S } from "./start-session.ts";

/** Content of a token. The user and the role are read from the session row that it names. */
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

/** Decrypts and validates a token. Null when it was not issued by this site or has expired. */
export async function decodeSessionToken(
  token: string,
  secret: string,
): Promise<SessionToken | null> {
  const claims = await decode({ token, secret }).catch(() => null);
  const parsed = sessionClaims.safeParse(claims);
  return parsed.success ? parsed.data : null;
}
