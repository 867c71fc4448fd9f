import { eq } from "drizzle-orm";
import { publications } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { isAddress } from "@/lib/http/is-address.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Publication, PublicationInput } from "./schema.ts";

/** The publication with an id. @throws {AppError} `not_found` */
export async function getPublication(
  { tx }: ReadContext,
  { publicationId }: PublicationInput,
): Promise<Publication> {
  const [row] = await tx.select().from(publications).where(eq(publications.id, publicationId));
  if (row === undefined) throw new AppError("not_found", "This publication does not exist.");
  return toPublication(row);
}

/** The publication with a slug, or `null`. */
export async function findPublication(
  { tx }: ReadContext,
  { slug }: { readonly slug: string },
): Promise<Publication | null> {
  if (!isAddress(slug)) return null;
  const [row] = await tx.select().from(publications).where(eq(publications.slug, slug));
  return row === undefined ? null : toPublication(row);
}

function toPublication(row: typeof publications.$inferSelect): Publication {
  const { id, slug, name, description, createdAt, updatedAt } = row;
  return {
    id,
    slug,
    name,
    description,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
