import { and, eq, sql } from "drizzle-orm";
import { refusalOf } from "@/db/refusal-of.ts";
import { publicationRoles } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { SaveRoleInput } from "../schema.ts";

/**
 * Creates or changes a role. Members with the role have its permissions with the commit. Saving the same role again (a
 * retry after a lost response) changes nothing.
 *
 * @throws {AppError} `forbidden` without the permission, for permissions that the viewer does not have, and for the
 * role of owners; `conflict` when the name is taken, and when the role was changed since `basedOn`.
 */
export async function saveRole(context: WriteContext, input: SaveRoleInput): Promise<void> {
  const count = await write(context, input);
  if (count > 0) return;
  const [stored] = await context.tx
    .select({ name: publicationRoles.name, permissions: publicationRoles.permissions })
    .from(publicationRoles)
    .where(isRole(input));
  if (stored !== undefined && isSame(stored, input)) return;
  if (stored !== undefined && input.basedOn !== null && isSame(stored, input.basedOn)) {
    refuseRight();
  }
  throw new AppError(
    "conflict",
    "The role was not saved: another member changed or deleted it since you opened this form.",
  );
}

/** @returns number of written rows; 0 when the stored role is not the one that the input is based on */
async function write({ tx }: WriteContext, input: SaveRoleInput): Promise<number> {
  const { publicationId, roleId, name, permissions, basedOn } = input;
  if (basedOn === null) {
    const { count } = await tx
      .insert(publicationRoles)
      .values({ id: roleId, publicationId, name, permissions })
      .onConflictDoNothing({ target: publicationRoles.id })
      .catch(refuse);
    return count;
  }
  const stored = publicationRoles.permissions;
  const known = sql`${sql.param(basedOn.permissions)}::text[]`;
  const { count } = await tx
    .update(publicationRoles)
    .set({ name, permissions })
    .where(
      and(
        isRole(input),
        eq(publicationRoles.name, basedOn.name),
        sql`${stored} @> ${known} and ${stored} <@ ${known}`,
      ),
    )
    .catch(refuse);
  return count;
}

const isRole = ({ roleId, publicationId }: SaveRoleInput) =>
  and(eq(publicationRoles.id, roleId), eq(publicationRoles.publicationId, publicationId));

interface RoleState {
  readonly name: string;
  readonly permissions: readonly string[];
}

const isSame = (one: RoleState, other: RoleState): boolean =>
  one.name === other.name &&
  one.permissions.length === other.permissions.length &&
  one.permissions.every((permission) => other.permissions.includes(permission));

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
