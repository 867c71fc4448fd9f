import { eq } from "drizzle-orm";
import { credentials } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { assertNotBanned } from "../assert-not-banned.ts";
import type { AuthContext, RequestSource } from "../auth-context.ts";
import { signInSchema } from "../sign-in/sign-up-schema.ts";
import { verifyPassword } from "./password.ts";

/**
 * Finds the account for an e-mail and a password. An unknown e-mail and a wrong password return the same
 * error after the same time.
 *
 * @throws {ZodError} with a message per field; {AppError} `unauthenticated`, `too_many_requests`,
 * `forbidden` when the account is banned.
 */
export async function checkPassword(
  { database, attempts }: AuthContext,
  input: unknown,
  { address }: RequestSource,
): Promise<{ readonly userId: string }> {
  const { email, password } = signInSchema.parse(input);
  await attempts.signIn({ address, email });
  const [found] = await database.asAuth(
    (tx) => tx.select().from(credentials).where(eq(credentials.email, email)),
    "read",
  );
  const matches = await verifyPassword(found?.passwordHash, password);
  if (found === undefined || !matches) {
    throw new AppError("unauthenticated", "E-mail and password do not match an account.");
  }
  await assertNotBanned({ database }, found.userId);
  await attempts.signedIn({ address, email });
  return { userId: found.userId };
}
