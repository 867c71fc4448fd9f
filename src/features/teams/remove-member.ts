import { and, eq } from "drizzle-orm";
import { publicationMembers } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { keepOwner } from "./keep-owner.ts";
import type { MemberInput } from "./schema.ts";

/**
 * Removes a member. With the commit the person can read nothing of the team: triggers move its channels to other
 * wire names, withdraw the person's unfinished submissions and release their tasks.
 *
 * @throws {AppError} `forbidden` without the right to take each of the member's roles; `conflict` for the last owner.
 */
export async function removeMember(
  { tx }: WriteContext,
  { publicationId, userId }: MemberInput,
): Promise<void> {
  const { count } = await tx
    .delete(publicationMembers)
    .where(
      and(
        eq(publicationMembers.publicationId, publicationId),
        eq(publicationMembers.userId, userId),
      ),
    )
    .catch(keepOwner);
  if (count === 0) {
    throw new AppError(
      "forbidden",
      "The member was not removed: they left already, or have permissions that you do not have.",
    );
  }
}
