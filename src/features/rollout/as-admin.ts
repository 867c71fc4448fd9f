import { auditLog } from "@/db/schema.ts";
import type { ReadContext, WriteContext } from "@/features/context.ts";
import { AppError } from "@/lib/app-error.ts";

/**
 * Row-level security refuses everybody else anyway, by silence or a bare error; this says why.
 *
 * @throws {AppError} `forbidden`
 */
export function assertAdmin({ viewer }: Pick<ReadContext, "viewer">): void {
  if (viewer.role !== "admin") throw new AppError("forbidden", "Only admins change the rollout.");
}

/** Notes in the same transaction what was done, and to what. */
export async function note(
  { tx, viewer }: WriteContext,
  action: string,
  subject: string,
  detail: object,
): Promise<void> {
  await tx.insert(auditLog).values({ actorId: viewer.userId, action, subject, detail });
}
