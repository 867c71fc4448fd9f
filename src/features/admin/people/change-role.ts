import { sql } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { ChangeRoleInput, Role } from "./schema.ts";

/** SQLSTATE of the trigger that keeps one admin. */
const restrictViolation = "23001";

/**
 * Changes a person's role. The database checks the admin's own role, keeps one admin who can sign in, and
 * publishes to the person's open pages. Setting the current role changes nothing.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins; `not_found`; `conflict` for the last
 * admin.
 */
export async function changeRole(
  { tx, viewer, noteAct }: WriteContext,
  { userId, role }: ChangeRoleInput,
): Promise<void> {
  assertAdmin(viewer);
  const [row] = await tx
    .execute<{ former: Role }>(
      sql`select former from app.change_role(${userId}, ${role}) as former`,
    )
    .catch((cause: unknown) => {
      if (!(cause instanceof Error) || sqlStateOf(cause) !== restrictViolation) throw cause;
      throw new AppError(
        "conflict",
        "This is the last admin who can sign in. Make another person an admin first.",
        { cause },
      );
    });
  if (row === undefined) throw new AppError("not_found", "This account no longer exists.");
  if (row.former === role) return;
  await noteAct({
    action: "user.role-changed",
    subject: `user ${userId}`,
    detail: { from: row.former, to: role },
  });
}

const sqlStateOf = ({ cause }: Error): unknown =>
  typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
