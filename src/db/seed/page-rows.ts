import type * as schema from "../schema.ts";
import type { Content } from "./content.ts";
import { stableChance, stableId } from "./stable.ts";

/** A public article or gist, for comments, reactions and bookmarks. */
export interface Page {
  readonly type: "article" | "gist";
  readonly id: string;
  readonly slug: string;
  readonly ownerId: string;
  readonly createdAt: Date;
}

export interface PageRows {
  readonly articles: (typeof schema.articles.$inferInsert)[];
  readonly articleTags: (typeof schema.articleTags.$inferInsert)[];
  readonly gists: (typeof schema.gists.$inferInsert)[];
  readonly gistFiles: (typeof schema.gistFiles.$inferInsert)[];
  readonly openPages: Page[];
}

/** The foreign key column for the type of a page. */
export const pageReference = (page: Pick<Page, "type" | "id">) =>
  page.type === "article" ? { articleId: page.id } : { gistId: page.id };

/** Looks up an id by a name in the content, e.g. a handle. */
export type Lookup = (name: string) => string;

export function pageRows(content: Content, userId: Lookup, tagId: Lookup, now: Date): PageRows {
  // Varies the minute of the day, so that not all texts are published at the same time.
  const daysBefore = (days: number, name: string) =>
    new Date(now.getTime() - (days + stableChance(`time:${name}`) / 4) * 86_400_000);
  const rows: PageRows = { articles: [], articleTags: [], gists: [], gistFiles: [], openPages: [] };

  for (const article of content.articles) {
    const { slug, title, excerpt, author, tags, daysAgo, draft, goneInDays, body } = article;
    const id = stableId(`article:${slug}`);
    const ownerId = userId(author);
    const createdAt = daysBefore(daysAgo, slug);
    const publishedAt = draft ? null : createdAt;
    const deleteAt = goneInDays === null ? null : new Date(now.getTime() + goneInDays * 86_400_000);
    rows.articles.push({
      id,
      slug,
      title,
      excerpt,
      body,
      authorId: ownerId,
      createdAt,
      publishedAt,
      deleteAt,
      updatedAt: createdAt,
    });
    rows.articleTags.push(...tags.map((tag) => ({ articleId: id, tagId: tagId(tag) })));
    if (!draft && deleteAt === null)
      rows.openPages.push({ type: "article", id, slug, ownerId, createdAt });
  }

  for (const { slug, title, description, owner, visibility, daysAgo, files } of content.gists) {
    const id = stableId(`gist:${slug}`);
    const ownerId = userId(owner);
    const createdAt = daysBefore(daysAgo, slug);
    rows.gists.push({
      id,
      title,
      description,
      visibility,
      ownerId,
      createdAt,
      updatedAt: createdAt,
    });
    rows.gistFiles.push(
      ...files.map((file, position) => ({
        id: stableId(`gist-file:${slug}/${file.filename}`),
        gistId: id,
        position,
        ...file,
      })),
    );
    if (visibility === "public")
      rows.openPages.push({ type: "gist", id, slug, ownerId, createdAt });
  }
  return rows;
}
