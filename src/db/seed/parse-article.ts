import { parseDays, parseFrontMatter } from "./front-matter.ts";

export interface ArticleSource {
  readonly slug: string;
  readonly title: string;
  readonly excerpt: string;
  /** Handle. */
  readonly author: string;
  /** Slugs. */
  readonly tags: readonly string[];
  readonly daysAgo: number;
  readonly draft: boolean;
  /** Days until it is removed; null when it is not deleted. */
  readonly goneInDays: number | null;
  readonly body: string;
}

/** Parses an article. The file name is the slug, the text is the body. */
export function parseArticle(slug: string, text: string): ArticleSource {
  const { fields, body } = parseFrontMatter(
    slug,
    text,
    ["title", "excerpt", "author", "tags", "days-ago"],
    ["draft", "gone-in-days"],
  );
  return {
    slug,
    title: fields.title,
    excerpt: fields.excerpt,
    author: fields.author,
    tags: fields.tags.split(",").map((tag) => tag.trim()),
    daysAgo: parseDays(slug, fields["days-ago"]),
    draft: fields.draft === "true",
    goneInDays:
      fields["gone-in-days"] === undefined ? null : parseDays(slug, fields["gone-in-days"]),
    body,
  };
}
