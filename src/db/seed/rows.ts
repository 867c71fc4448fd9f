import type * as schema from "../schema.ts";
import { bookmarkRows } from "./bookmark-rows.ts";
import { commentRows } from "./comment-rows.ts";
import type { Content } from "./content.ts";
import { notificationRows } from "./notification-rows.ts";
import { type Lookup, type PageRows, pageRows } from "./page-rows.ts";
import { type PublicationRows, publicationRows } from "./publication-rows.ts";
import { reactionRows } from "./reaction-rows.ts";
import { stableId } from "./stable.ts";
import { viewRows } from "./view-rows.ts";

export interface SeedRows extends Omit<PageRows, "openPages">, PublicationRows {
  readonly users: (typeof schema.users.$inferInsert & { id: string })[];
  readonly tags: (typeof schema.tags.$inferInsert)[];
  readonly comments: (typeof schema.comments.$inferInsert)[];
  readonly reactions: (typeof schema.reactions.$inferInsert)[];
  readonly bookmarks: (typeof schema.bookmarks.$inferInsert)[];
  readonly articleViews: (typeof schema.articleViews.$inferInsert)[];
  readonly notifications: (typeof schema.notifications.$inferInsert)[];
}

export const seedUserId = (handle: string): string => stableId(`user:${handle}`);

/**
 * Builds the rows of the content with ids, dates and relations. It is deterministic for the same content
 * and `now`.
 *
 * @throws when a document names an unknown person, tag or page.
 */
export function buildRows(content: Content, now: Date): SeedRows {
  const hoursBefore = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  const users = content.people.map(({ handle, name, role, bio, joinedDaysAgo }) => ({
    id: seedUserId(handle),
    handle,
    name,
    role,
    bio,
    createdAt: hoursBefore(joinedDaysAgo * 24),
  }));
  const tags = content.tags.map(([slug, name, description]) => ({
    id: stableId(`tag:${slug}`),
    slug,
    name,
    description,
  }));
  const userId = lookup(
    "person",
    users.map(({ handle, id }) => [handle, id]),
  );
  const tagId = lookup(
    "tag",
    tags.map(({ slug, id }) => [slug, id]),
  );

  const { openPages, ...pages } = pageRows(content, userId, tagId, now);
  const threads = { article: content.articleThreads, gist: content.gistThreads };
  for (const type of ["article", "gist"] as const) {
    const slugs = new Set(openPages.filter((page) => page.type === type).map(({ slug }) => slug));
    const stray = [...threads[type].keys()].find((slug) => !slugs.has(slug));
    if (stray !== undefined) throw new Error(`There is a thread, but no open ${type} "${stray}".`);
  }

  const comments = openPages.flatMap((page) =>
    commentRows(page, threads[page.type].get(page.slug) ?? [], userId, now),
  );
  const userIds = users.map(({ id }) => id);
  const reactions = reactionRows(userIds, openPages, comments, now);
  const lastVisits = new Map(
    content.people.map(({ handle, lastVisitHoursAgo }) => [
      userId(handle),
      hoursBefore(lastVisitHoursAgo),
    ]),
  );
  return {
    users,
    tags,
    ...publicationRows(pages, userId, now),
    ...pages,
    comments: comments.map(({ row }) => row),
    reactions: reactions.map(({ row }) => row),
    bookmarks: bookmarkRows(userIds, openPages, now),
    articleViews: viewRows(openPages, now),
    notifications: notificationRows(comments, reactions, lastVisits),
  };
}

function lookup(what: string, entries: readonly [string, string][]): Lookup {
  const ids = new Map(entries);
  return (name) => {
    const id = ids.get(name);
    if (id === undefined) {
      throw new Error(`No ${what} is called "${name}". Known: ${[...ids.keys()].join(", ")}.`);
    }
    return id;
  };
}
