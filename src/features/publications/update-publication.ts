import { and, eq, sql } from "drizzle-orm";
import { publications } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { UpdatePublicationInput } from "./schema.ts";

/**
 * Changes name and description of a publication. Saving the same values again changes nothing.
 *
 * @throws {AppError} `forbidden` without the permission; `conflict` when they were changed since `basedOn`.
 */
export async function updatePublication(
  { tx }: WriteContext,
  { publicationId, name, description, basedOn }: UpdatePublicationInput,
): Promise<void> {
  const isPublication = eq(publications.id, publicationId);
  const { count } = await tx
    .update(publications)
    .set({ name, description, updatedAt: sql`now()` })
    .where(
      and(
        isPublication,
        eq(publications.name, basedOn.name),
        eq(publications.description, basedOn.description),
      ),
    );
  if (count > 0) return;
  const [stored] = await tx
    .select({ name: publications.name, description: publications.description })
    .from(publications)
    .where(isPublication);
  const isStored = (values: UpdatePublicationInput["basedOn"]) =>
    stored?.name === values.name && stored.description === values.description;
  if (stored === undefined || isStored(basedOn)) {
    throw new AppError(
      "forbidden",
      "Your roles do not allow this. Ask an owner of the publication.",
    );
  }
  if (isStored({ name, description })) return;
  throw new AppError(
    "conflict",
    "Your changes were not saved: another member changed name or description since you opened this form.",
  );
}
