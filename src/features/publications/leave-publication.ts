import { and, eq } from "drizzle-orm";
import { refusalOf } from "@/db/refusal-of.ts";
import { publicationMembers } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { PublicationInput } from "./schema.ts";

/**
 * Ends the viewer's own membership. Triggers withdraw their unfinished submissions.
 *
 * @throws {AppError} `conflict` for the last owner; `not_found` when the viewer is no member.
 */
export async function leavePublication(
  { tx, viewer }: WriteContext,
  { publicationId }: PublicationInput,
): Promise<void> {
  const { count } = await tx
    .delete(publicationMembers)
    .where(
      and(
        eq(publicationMembers.publicationId, publicationId),
        eq(publicationMembers.userId, viewer.userId),
      ),
    )
    .catch((error: unknown) => {
      if (refusalOf(error) !== "restrict_violation") throw error;
      throw new AppError(
        "conflict",
        "You are the only owner. Give another member the role Owner, then leave.",
        { cause: error },
      );
    });
  if (count === 0) throw new AppError("not_found", "You are not a member of this publication.");
}
