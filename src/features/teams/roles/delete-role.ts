import { and, eq } from "drizzle-orm";
import { publicationRoles } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { RoleInput } from "../schema.ts";

/**
 * Deletes a role. Its members stay members, and lose its permissions; open invitations to it are deleted.
 *
 * @throws {AppError} `forbidden` without the permission, and for the role of owners.
 */
export async function deleteRole(
  { tx }: WriteContext,
  { publicationId, roleId }: RoleInput,
): Promise<void> {
  const { count } = await tx
    .delete(publicationRoles)
    .where(and(eq(publicationRoles.id, roleId), eq(publicationRoles.publicationId, publicationId)));
  if (count === 0) {
    throw new AppError(
      "forbidden",
      "The role was not deleted: it is gone already, or has permissions that you do not have.",
    );
  }
}
