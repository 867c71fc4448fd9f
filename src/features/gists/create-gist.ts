import { and, eq } from "drizzle-orm";
import { gistFiles, gists } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { fileRows } from "./file-rows.ts";
import type { CreateGistInput } from "./schema.ts";
import { gistCreated } from "./signals.ts";

/**
 * Creates a gist with its files. It is idempotent per id: a double click or a retry after a lost response
 * changes and publishes nothing.
 *
 * @throws {AppError} `conflict` when a gist of another person has the id.
 */
export async function createGist(
  { tx, viewer, publish }: WriteContext,
  input: CreateGistInput,
): Promise<void> {
  const { gistId, title, description, isPrivate } = input;
  const visibility = isPrivate ? "private" : "public";
  const [created] = await tx
    .insert(gists)
    .values({ id: gistId, ownerId: viewer.userId, title, description, visibility })
    .onConflictDoNothing({ target: gists.id })
    .returning({ id: gists.id });
  if (created === undefined) return assertOwn(tx, gistId, viewer.userId);
  await tx.insert(gistFiles).values(fileRows(input));
  await publish(gistCreated(viewer.userId, gistId));
}

async function assertOwn(tx: WriteContext["tx"], id: string, ownerId: string): Promise<void> {
  const [own] = await tx
    .select({ id: gists.id })
    .from(gists)
    .where(and(eq(gists.id, id), eq(gists.ownerId, ownerId)));
  if (own === undefined) {
    throw new AppError("conflict", "The gist was not saved. Save it again.");
  }
}
