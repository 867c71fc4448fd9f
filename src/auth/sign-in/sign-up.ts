import { credentials, users } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { AuthContext, RequestSource } from "../auth-context.ts";
import { hashPassword } from "../password/password.ts";
import { refuseTrivial } from "../password/refuse-trivial.ts";
import { signUpSchema } from "./sign-up-schema.ts";

/**
 * Creates an account with the role reader.
 *
 * @throws {ZodError} with a message per field; {AppError} `conflict` naming the field that is taken,
 * `too_many_requests`, `invalid_input` for a password that is among the first to be guessed.
 */
export async function signUp(
  { database, attempts, onSignedUp }: AuthContext,
  input: unknown,
  { address }: RequestSource,
): Promise<{ readonly userId: string }> {
  const { handle, name, email, password } = signUpSchema.parse(input);
  await attempts.signUp({ address, email });
  await refuseTrivial(password, [handle, name, email], "password");
  const passwordHash = await hashPassword(password);
  try {
    const created = await database.asAuth(async (tx) => {
      const [user] = await tx.insert(users).values({ handle, name }).returning({ id: users.id });
      if (user === undefined) throw new Error("An insert returned no row.");
      await tx.insert(credentials).values({ userId: user.id, email, passwordHash });
      return { userId: user.id };
    });
    onSignedUp?.({ ...created, handle });
    return created;
  } catch (error) {
    throw toConflict(error) ?? error;
  }
}

const conflicts: Readonly<Record<string, readonly [field: string, message: string]>> = {
  users_handle_unique: ["handle", "This handle is taken."],
  credentials_email_unique: ["email", "An account with this e-mail exists. Sign in instead."],
};

/** Converts a violated unique constraint to an error on the form field that is taken. */
export function toConflict(error: unknown): AppError | undefined {
  const { cause } = error as { cause?: { code?: string; constraint_name?: string } };
  if (cause?.code !== "23505") return undefined;
  const conflict = conflicts[cause.constraint_name ?? ""];
  if (conflict === undefined) return undefined;
  const [field, message] = conflict;
  return new AppError("conflict", message, { cause: error, fieldErrors: { [field]: [message] } });
}
