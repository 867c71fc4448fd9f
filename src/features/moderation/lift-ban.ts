import { eq } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { noteAudit } from "@/db/note-audit.ts";
import { userBans } from "@/db/schema.ts";
import type { WriteContext } from "@/features/context.ts";
import type { MemberInput } from "./schema.ts";

/** Lets a person sign in again. Sessions that ended stay ended. @throws {AppError} `forbidden` */
export async function liftBan(
  { tx, viewer }: WriteContext,
  { userId }: MemberInput,
): Promise<void> {
  assertAdmin(viewer);
  const { count } = await tx.delete(userBans).where(eq(userBans.userId, userId));
  if (count === 0) return;
  const subject = `user ${userId}`;
  await noteAudit(tx, { actorId: viewer.userId, action: "user.unbanned", subject });
}
