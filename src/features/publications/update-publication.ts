import { eq, sql } from "drizzle-orm";
import { publications } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { UpdatePublicationInput } from "./schema.ts";

/**
 * Changes name and description of a publication.
 *
 * @throws {AppError} `forbidden` without the permission.
 */
export async function updatePublication(
  { tx }: WriteContext,
  { publicationId, name, description }: UpdatePublicationInput,
): Promise<void> {
  const { count } = await tx
    .update(publications)
    .set({ name, description, updatedAt: sql`now()` })
    .where(eq(publications.id, publicationId));
  if (count === 0) {
    throw new AppError(
      "forbidden",
      "Your roles do not allow this. Ask an owner of the publication.",
    );
  }
}
