import { eq } from "drizzle-orm";
import { credentials } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { assertNotBanned } from "../assert-not-banned.ts";
import type { AuthContext, RequestSource } from "../auth-context.ts";
import { signInSchema } from "../sign-in/sign-up-schema.ts";
import { verifyPassword } from "./password.ts";

/**
 * Finds the account for an e-mail and a password, with the hash that the password matches. An unknown e-mail and a
 * wrong password return the same error after the same time.
 *
 * @throws {ZodError} with a message per field; {AppError} `unauthenticated`, `too_many_requests`,
 * `forbidden` when the account is banned.
 */
export async function checkPassword(
  { database, attempts }: AuthContext,
  input: unknown,
  { address }: RequestSource,
): Promise<{ readonly userId: string; readonly passwordHash: string }> {
  const { email, password } = signInSchema.parse(input);
  await attempts.signIn({ address, email });
  const [found] = await database.asAuth(
    (tx) => tx.select().from(credentials).where(eq(credentials.email, email)),
    "read",
  );
  const matches = await verifyPassword(found?.passwordHash, password);
  if (!found?.passwordHash || !matches) throw wrongPassword();
  await assertNotBanned({ database }, found.userId);
  await attempts.signedIn({ address, email });
  return { userId: found.userId, passwordHash: found.passwordHash };
}

/** The error of a sign-in whose e-mail and password belong to no account. */
export const wrongPassword = (): AppError =>
  new AppError("unauthenticated", "E-mail and password do not match an account.");
