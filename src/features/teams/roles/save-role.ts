import { and, eq } from "drizzle-orm";
import { refusalOf } from "@/db/refusal-of.ts";
import { publicationRoles } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { SaveRoleInput } from "../schema.ts";

/**
 * Creates or changes a role. Members with the role have its permissions with the commit.
 *
 * @throws {AppError} `forbidden` without the permission, for permissions that the viewer does not have, and for the
 * role of owners; `conflict` when the name is taken.
 */
export async function saveRole(
  { tx }: WriteContext,
  { publicationId, roleId, name, permissions }: SaveRoleInput,
): Promise<void> {
  const [known] = await tx
    .select({ id: publicationRoles.id })
    .from(publicationRoles)
    .where(and(eq(publicationRoles.id, roleId), eq(publicationRoles.publicationId, publicationId)));
  if (known === undefined) {
    await tx
      .insert(publicationRoles)
      .values({ id: roleId, publicationId, name, permissions })
      .catch(refuse);
    return;
  }
  const { count } = await tx
    .update(publicationRoles)
    .set({ name, permissions })
    .where(eq(publicationRoles.id, roleId))
    .catch(refuse);
  if (count === 0) refuseRight();
}

function refuse(error: unknown): never {
  const refusal = refusalOf(error);
  if (refusal === "insufficient_privilege") refuseRight(error);
  if (refusal !== "unique_violation") throw error;
  const message = "Another role has this name. Choose another.";
  throw new AppError("conflict", message, { cause: error, fieldErrors: { name: [message] } });
}

function refuseRight(cause?: unknown): never {
  throw new AppError(
    "forbidden",
    "The role was not saved: you can change roles and give permissions only within your own permissions.",
    { cause },
  );
}
