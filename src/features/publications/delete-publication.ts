import { eq, sql } from "drizzle-orm";
import { refusalOf } from "@/db/refusal-of.ts";
import { publications } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { DeletePublicationInput } from "./schema.ts";

/**
 * Deletes a publication with its team, invitations, submissions, tasks and chat, in one transaction. Its published
 * articles stay with their authors.
 *
 * @throws {AppError} `forbidden` for viewers who are not owners; `invalid_input` when the typed name is another one;
 * `conflict` when it has observations, which are never deleted.
 */
export async function deletePublication(
  { tx }: WriteContext,
  { publicationId, name }: DeletePublicationInput,
): Promise<void> {
  await tx.execute(sql`select app.lock_owned_publication(${publicationId}::uuid)`);
  const [known] = await tx
    .select({ name: publications.name })
    .from(publications)
    .where(eq(publications.id, publicationId))
    .for("key share");
  if (known !== undefined && known.name !== name) {
    const message = `Enter the name as it is written: ${known.name}.`;
    throw new AppError("invalid_input", message, { fieldErrors: { name: [message] } });
  }
  const { count } = await tx
    .delete(publications)
    .where(eq(publications.id, publicationId))
    .catch((error: unknown) => {
      if (refusalOf(error) !== "foreign_key_violation") throw error;
      throw new AppError(
        "conflict",
        "The publication was not deleted: it has an evidence log. Observations are never deleted.",
        { cause: error },
      );
    });
  if (count === 0) {
    throw new AppError(
      "forbidden",
      "The publication was not deleted: only an owner can delete it, or it is gone already.",
    );
  }
}
