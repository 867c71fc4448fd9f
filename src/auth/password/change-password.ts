import { eq } from "drizzle-orm";
import { z } from "zod";
import { credentials, users } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { AuthContext } from "../auth-context.ts";
import type { SignedIn } from "../session/find-session.ts";
import { revokeOtherSessions } from "../session/revoke-other-sessions.ts";
import { signInSchema, signUpSchema } from "../sign-in/sign-up-schema.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import { refuseTrivial } from "./refuse-trivial.ts";

const schema = z.object({
  current: signInSchema.shape.password,
  next: signUpSchema.shape.password,
});

/**
 * Changes the password of the account and ends all its other sessions.
 *
 * @throws {ZodError} with a message per field; {AppError} `unauthenticated` without a session,
 * `invalid_input` when the current password is wrong or the account has none, `too_many_requests`.
 */
export async function changePassword(
  context: AuthContext,
  viewer: Omit<SignedIn, "isNew"> | null,
  input: unknown,
  { address }: { readonly address: string },
): Promise<void> {
  if (viewer === null) throw new AppError("unauthenticated", "Sign in to do that.");
  const { current, next } = schema.parse(input);
  const { database, attempts } = context;
  const own = eq(credentials.userId, viewer.userId);
  const [found] = await database.asAuth(
    (tx) =>
      tx
        .select({
          email: credentials.email,
          passwordHash: credentials.passwordHash,
          handle: users.handle,
          name: users.name,
        })
        .from(credentials)
        .innerJoin(users, eq(users.id, credentials.userId))
        .where(own),
    "read",
  );
  if (!found?.passwordHash) {
    throw new AppError("invalid_input", "This account has no password. It signs in with GitHub.");
  }
  await attempts.signIn({ address, email: found.email });
  if (!(await verifyPassword(found.passwordHash, current))) {
    const message = "The current password is wrong.";
    throw new AppError("invalid_input", message, { fieldErrors: { current: [message] } });
  }
  await attempts.signedIn({ address, email: found.email });
  await refuseTrivial(next, [found.handle, found.name, found.email], "next");
  const passwordHash = await hashPassword(next);
  await database.asAuth((tx) => tx.update(credentials).set({ passwordHash }).where(own));
  await revokeOtherSessions(context, viewer);
}
