import { randomBytes } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { credentials, users } from "@/db/schema.ts";
import { typedText } from "@/lib/text/typed-text.ts";
import type { AuthContext } from "../auth-context.ts";
import { toConflict } from "./sign-up.ts";
import { emailSchema } from "./sign-up-schema.ts";

const profileSchema = z.object({
  id: typedText().min(1),
  login: typedText().min(1),
  name: typedText().nullish(),
  email: emailSchema,
  isEmailVerified: z.boolean().default(false),
  image: z.url({ protocol: /^https$/ }).nullish(),
});

/**
 * Finds the account for a GitHub identity, and creates it at the first sign-in. Accounts are linked by
 * GitHub's id only: an e-mail that has an account already is not linked, since nothing proves that both
 * belong to one person. An e-mail that GitHub has verified counts as proved.
 *
 * @throws {ZodError} without an e-mail; {AppError} `conflict` when the e-mail has another account.
 */
export async function githubAccount(
  { database, onSignedUp }: Pick<AuthContext, "database" | "onSignedUp">,
  profile: unknown,
): Promise<{ readonly userId: string }> {
  const { id: githubId, login, name, email, image, isEmailVerified } = profileSchema.parse(profile);
  const find = async () => {
    const [found] = await database.asAuth(
      (tx) =>
        tx
          .select({ userId: credentials.userId })
          .from(credentials)
          .where(eq(credentials.githubId, githubId)),
      "read",
    );
    return found;
  };
  const create = async (handle: string) => {
    const created = await database.asAuth(async (tx) => {
      const values = { handle, name: (name || login).slice(0, 60), avatarUrl: image ?? null };
      const [user] = await tx.insert(users).values(values).returning({ id: users.id });
      if (user === undefined) throw new Error("An insert returned no row.");
      await tx.insert(credentials).values({
        userId: user.id,
        email,
        emailProvedAt: isEmailVerified ? sql`now()` : null,
        githubId,
      });
      return { userId: user.id };
    });
    onSignedUp?.({ ...created, handle });
    return created;
  };

  const found = await find();
  if (found !== undefined) return found;
  try {
    return await create(toHandle(login)).catch((error: unknown) => {
      if (toConflict(error)?.fieldErrors.handle === undefined) throw error;
      return create(`${toHandle(login).slice(0, 23)}-${randomBytes(3).toString("hex")}`);
    });
  } catch (error) {
    // Another tab may have created the account at the same time.
    const made = await find();
    if (made !== undefined) return made;
    throw toConflict(error) ?? error;
  }
}

function toHandle(login: string): string {
  const handle = login
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "-")
    .replace(/^[-_]+/, "")
    .slice(0, 30);
  return handle.length < 2 ? `gh-${handle || "user"}` : handle;
}
