import { and, eq, sql } from "drizzle-orm";
import { gistFiles, gists } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { fileRows } from "./file-rows.ts";
import type { CreateGistInput } from "./schema.ts";
import { gistUpdated } from "./signals.ts";

export interface OwnGist {
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Whether it has the content of an input. */
  has(input: CreateGistInput): boolean;
}

/** Locks a gist of the viewer until the end of the transaction; `null` when it is missing or another person's. */
export async function lockOwnGist(
  { tx, viewer }: Pick<WriteContext, "tx" | "viewer">,
  gistId: string,
): Promise<OwnGist | null> {
  const [gist] = await tx
    .select()
    .from(gists)
    .where(and(eq(gists.id, gistId), eq(gists.ownerId, viewer.userId)))
    .for("update");
  if (gist === undefined) return null;
  const files = await tx
    .select({ filename: gistFiles.filename, content: gistFiles.content })
    .from(gistFiles)
    .where(eq(gistFiles.gistId, gistId))
    .orderBy(gistFiles.position);
  const { title, description } = gist;
  const stored = contentOf({ title, description, isPrivate: gist.visibility === "private", files });
  return {
    createdAt: gist.createdAt.toISOString(),
    updatedAt: gist.updatedAt.toISOString(),
    has: (input) => contentOf(input) === stored,
  };
}

function contentOf(gist: Omit<CreateGistInput, "gistId">): string {
  const { title, description, isPrivate, files } = gist;
  const texts = files.map(({ filename, content }) => [filename, content]);
  return JSON.stringify([title, description, isPrivate, texts]);
}

/** Replaces the content of a gist and publishes the change. */
export async function replaceGist(
  { tx, viewer, publish }: WriteContext,
  input: CreateGistInput,
): Promise<void> {
  const { gistId, title, description, isPrivate } = input;
  const visibility = isPrivate ? "private" : "public";
  await tx
    .update(gists)
    .set({ title, description, visibility, updatedAt: sql`now()` })
    .where(eq(gists.id, gistId));
  await tx.delete(gistFiles).where(eq(gistFiles.gistId, gistId));
  await tx.insert(gistFiles).values(fileRows(input));
  await publish(...gistUpdated(viewer.userId, gistId));
}
