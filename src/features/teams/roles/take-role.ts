import { and, eq } from "drizzle-orm";
import { publicationMemberRoles } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { keepOwner } from "../keep-owner.ts";
import type { MemberRoleInput } from "../schema.ts";

/**
 * Takes a role from a member. Their open tasks that need it are released.
 *
 * @throws {AppError} `forbidden` without the right to take it; `conflict` for the last owner.
 */
export async function takeRole(
  { tx }: WriteContext,
  { publicationId, userId, roleId }: MemberRoleInput,
): Promise<void> {
  const { count } = await tx
    .delete(publicationMemberRoles)
    .where(
      and(
        eq(publicationMemberRoles.publicationId, publicationId),
        eq(publicationMemberRoles.userId, userId),
        eq(publicationMemberRoles.roleId, roleId),
      ),
    )
    .catch(keepOwner);
  if (count === 0) {
    throw new AppError(
      "forbidden",
      "You cannot take this role: the member no longer has it, or it has permissions that you do not have.",
    );
  }
}
