import { eq } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { userBans } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { PersonInput } from "./schema.ts";

/**
 * Lifts a ban, so that the person can sign in again. Ended sessions stay ended.
 *
 * @throws {AppError} `forbidden`
 */
export async function liftBan(
  { tx, viewer, noteAct }: WriteContext,
  { userId }: PersonInput,
): Promise<void> {
  assertAdmin(viewer);
  const { count } = await tx.delete(userBans).where(eq(userBans.userId, userId));
  if (count === 0) return;
  const subject = `user ${userId}`;
  await noteAct({ action: "user.unbanned", subject });
}
