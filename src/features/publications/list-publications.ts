import { asc, desc, eq, inArray, sql } from "drizzle-orm";
import { publicationMembers, publications } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { ListPublicationsInput, PublicationEntry } from "./schema.ts";

/** All publications, or those of the viewer, last changed first. @throws {AppError} `unauthenticated` */
export async function listPublications(
  { tx, viewer }: ReadContext,
  { filter }: ListPublicationsInput,
): Promise<readonly PublicationEntry[]> {
  if (filter === "yours" && viewer.userId === null) {
    throw new AppError("unauthenticated", "Sign in to see your publications.");
  }
  const own = tx
    .select({ id: publicationMembers.publicationId })
    .from(publicationMembers)
    .where(eq(publicationMembers.userId, viewer.userId ?? ""));
  const rows = await tx
    .select({
      id: publications.id,
      slug: publications.slug,
      name: publications.name,
      description: publications.description,
      createdAt: publications.createdAt,
      updatedAt: publications.updatedAt,
      articleCount: sql<number>`(select count(*)::int from articles
        where articles.publication_id = publications.id
          and articles.published_at <= now() and articles.delete_at is null)`,
    })
    .from(publications)
    .where(filter === "yours" ? inArray(publications.id, own) : undefined)
    .orderBy(desc(publications.updatedAt), asc(publications.id))
    .limit(listedAtMost);
  return rows.map(({ createdAt, updatedAt, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }));
}
