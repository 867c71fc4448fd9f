import { gistFiles, gists } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { fileRows } from "./file-rows.ts";
import { lockOwnGist, replaceGist } from "./own-gist.ts";
import type { CreateGistInput } from "./schema.ts";
import { gistCreated } from "./signals.ts";

/**
 * Creates a gist with its files. It is idempotent per id: a double click or a retry after a lost response
 * changes and publishes nothing. A retry with other content replaces what the first attempt saved.
 *
 * @throws {AppError} `conflict` when a gist of another person has the id, or when it was changed since.
 */
export async function createGist(context: WriteContext, input: CreateGistInput): Promise<void> {
  const { tx, viewer, publish } = context;
  const { gistId, title, description, isPrivate } = input;
  const visibility = isPrivate ? "private" : "public";
  const [created] = await tx
    .insert(gists)
    .values({ id: gistId, ownerId: viewer.userId, title, description, visibility })
    .onConflictDoNothing({ target: gists.id })
    .returning({ id: gists.id });
  if (created !== undefined) {
    await tx.insert(gistFiles).values(fileRows(input));
    return publish(gistCreated(viewer.userId, gistId));
  }
  const before = await lockOwnGist(context, gistId);
  if (before === null) throw new AppError("conflict", "The gist was not saved. Save it again.");
  if (before.has(input)) return;
  if (before.updatedAt !== before.createdAt) {
    throw new AppError(
      "conflict",
      "An earlier attempt created this gist, and it was changed since. Copy your text, then open it in your list of gists.",
    );
  }
  await replaceGist(context, input);
}
