import { refusalOf } from "@/db/refusal-of.ts";
import { publicationMemberRoles } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { MemberRoleInput } from "../schema.ts";

/** Gives a role to a member. @throws {AppError} `forbidden` without the right to give it. */
export async function giveRole(
  { tx }: WriteContext,
  { publicationId, userId, roleId }: MemberRoleInput,
): Promise<void> {
  await tx
    .insert(publicationMemberRoles)
    .values({ publicationId, userId, roleId })
    .onConflictDoNothing()
    .catch((error: unknown) => {
      const refusal = refusalOf(error);
      if (refusal !== "insufficient_privilege" && refusal !== "foreign_key_violation") throw error;
      throw new AppError(
        "forbidden",
        "You cannot give this role: it was deleted, the member left, or it has permissions that you do not have.",
        { cause: error },
      );
    });
}
