import { assertAdmin } from "@/auth/assert-admin.ts";
import { refusalOf } from "@/db/refusal-of.ts";
import { userBans } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { BanUserInput } from "./schema.ts";

/**
 * Bans a person from the site: they cannot sign in, and a trigger ends all their sessions and revokes their
 * channels. It is idempotent.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins, and for banning oneself; `not_found`.
 */
export async function banUser(
  { tx, viewer, noteAct }: WriteContext,
  { userId, reason }: BanUserInput,
): Promise<void> {
  assertAdmin(viewer);
  if (userId === viewer.userId) {
    throw new AppError("forbidden", "You cannot ban yourself. Ask another admin.");
  }
  const { count } = await tx
    .insert(userBans)
    .values({ userId, reason, createdBy: viewer.userId })
    .onConflictDoNothing()
    .catch((cause: unknown) => {
      if (refusalOf(cause) !== "foreign_key_violation") throw cause;
      throw new AppError("not_found", "This account no longer exists.", { cause });
    });
  if (count === 0) return;
  await noteAct({ action: "user.banned", subject: `user ${userId}`, detail: { reason } });
}
