import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { lockOwnGist, replaceGist } from "./own-gist.ts";
import type { UpdateGistInput } from "./schema.ts";

/**
 * Updates the viewer's own gist and its files. A gist that is made private is unreadable for others with
 * the commit. Saving the same content again (a retry after a lost response) changes and publishes nothing.
 *
 * @throws {AppError} `not_found` when it belongs to another person; `conflict` when it was changed since it
 * was opened.
 */
export async function updateGist(context: WriteContext, input: UpdateGistInput): Promise<void> {
  const before = await lockOwnGist(context, input.gistId);
  if (before === null) {
    throw new AppError(
      "not_found",
      "This gist no longer exists, or belongs to another account. It was not changed.",
    );
  }
  if (before.has(input)) return;
  if (before.updatedAt !== input.updatedAt) {
    throw new AppError(
      "conflict",
      "This gist was changed since you opened it. Copy your changes, then open it again.",
    );
  }
  await replaceGist(context, input);
}
