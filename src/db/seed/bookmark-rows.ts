import type * as schema from "../schema.ts";
import { type Page, pageReference } from "./page-rows.ts";
import { stableChance, stableId } from "./stable.ts";

const likelihood = { article: 0.22, gist: 0.15 } as const;

/** Bookmarks of people on pages of other people. */
export function bookmarkRows(
  userIds: readonly string[],
  pages: readonly Page[],
  now: Date,
): (typeof schema.bookmarks.$inferInsert)[] {
  return pages.flatMap((page) =>
    userIds
      .filter((userId) => userId !== page.ownerId)
      .filter((userId) => stableChance(`keeps:${userId}:${page.id}`) < likelihood[page.type])
      .map((userId) => {
        const id = stableId(`bookmark:${userId}:${page.id}`);
        const since = page.createdAt.getTime();
        const createdAt = new Date(since + (now.getTime() - since) * stableChance(`when:${id}`));
        return { id, userId, createdAt, ...pageReference(page) };
      }),
  );
}
