import type * as schema from "../schema.ts";
import { type Lookup, type Page, pageReference } from "./page-rows.ts";
import type { CommentSource } from "./parse-thread.ts";
import { stableId } from "./stable.ts";

/** A comment with its page and its parent, for the other parts of the seed. */
export interface PlacedComment {
  readonly id: string;
  readonly page: Page;
  readonly authorId: string;
  readonly parent: PlacedComment | null;
  readonly createdAt: Date;
  readonly row: typeof schema.comments.$inferInsert;
}

/** @throws when a comment would be in the future: its page is too recent for the thread. */
export function commentRows(
  page: Page,
  thread: readonly CommentSource[],
  userId: Lookup,
  now: Date,
): PlacedComment[] {
  const placed = new Map<string, PlacedComment>();
  for (const { path, parentPath, author, afterMs, edited, body } of thread) {
    const id = stableId(`comment:${page.type}/${page.slug}/${path}`);
    const authorId = userId(author);
    const parent = (parentPath === null ? null : placed.get(parentPath)) ?? null;
    const createdAt = new Date((parent ?? page).createdAt.getTime() + afterMs);
    if (createdAt > now) {
      throw new Error(`${page.slug}: comment ${path} is in the future. Make "after" smaller.`);
    }
    const editedAt = edited
      ? new Date(Math.min(createdAt.getTime() + 240_000, now.getTime()))
      : null;
    const row = {
      id,
      authorId,
      body,
      createdAt,
      editedAt,
      parentId: parent?.id ?? null,
      ...pageReference(page),
    };
    placed.set(path, { id, page, authorId, parent, createdAt, row });
  }
  return [...placed.values()];
}
