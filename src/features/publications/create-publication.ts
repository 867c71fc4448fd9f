import { and, eq } from "drizzle-orm";
import { publications } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { CreatePublicationInput } from "./schema.ts";

/**
 * Creates a publication. A trigger creates its first roles and makes the viewer its owner. It is idempotent per
 * id: a double click or a retry after a lost response changes nothing.
 *
 * @throws {AppError} `conflict` when the URL is taken, or when the id was used with other content.
 */
export async function createPublication(
  { tx, viewer }: WriteContext,
  { publicationId, slug, name, description }: CreatePublicationInput,
): Promise<void> {
  const [created] = await tx
    .insert(publications)
    .values({ id: publicationId, slug, name, description, founderId: viewer.userId })
    .onConflictDoNothing()
    .returning({ id: publications.id });
  if (created !== undefined) return;
  const [own] = await tx
    .select({
      slug: publications.slug,
      name: publications.name,
      description: publications.description,
    })
    .from(publications)
    .where(and(eq(publications.id, publicationId), eq(publications.founderId, viewer.userId)));
  if (own === undefined) {
    const message = "This URL is taken. Choose another.";
    throw new AppError("conflict", message, { fieldErrors: { slug: [message] } });
  }
  if (own.slug === slug && own.name === name && own.description === description) return;
  throw new AppError(
    "conflict",
    `An earlier attempt created this publication as “${own.name}”. Open it at /publications/${own.slug}.`,
  );
}
