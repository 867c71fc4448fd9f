import { z } from "zod";
import { typedText } from "@/lib/typed-text.ts";
import { limits } from "./limits.ts";

const atMost = (what: string, length: number) =>
  typedText().max(
    length,
    `${what} has at most ${length.toLocaleString("en")} characters. Shorten it.`,
  );

const articleId = z.uuid();
/** When a text was saved, to the microsecond, always in the same spelling: later ones sort behind. */
const version = typedText().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

export const saveArticleInput = z.object({
  /** Made by the browser, so that sending twice writes once. */
  articleId,
  /** The version that was changed; null for a new article. */
  basedOn: version.nullable(),
  title: atMost("A title", limits.title).trim(),
  excerpt: atMost("A summary", limits.excerpt).trim(),
  body: atMost("An article", limits.body),
  slug: atMost("A URL", limits.slug).regex(
    /^([a-z0-9]+(-[a-z0-9]+)*)?$/,
    "Use lowercase letters and digits, with single hyphens between words.",
  ),
  tagIds: z
    .array(z.uuid())
    .max(limits.tags, `An article has at most ${limits.tags} tags. Remove one.`),
});
export type SaveArticleInput = z.infer<typeof saveArticleInput>;

/** What an author writes. */
export type ArticleText = Omit<SaveArticleInput, "articleId" | "basedOn">;

export const versionedArticleInput = z.object({ articleId, basedOn: version });
export type VersionedArticleInput = z.infer<typeof versionedArticleInput>;

export const articleIdInput = z.object({ articleId });
export type ArticleIdInput = z.infer<typeof articleIdInput>;

export interface SavedArticle {
  readonly version: string;
  /** The address it has now. */
  readonly slug: string;
  /** Whether the address that was asked for is another article's, so that it kept its own. */
  readonly isSlugTaken: boolean;
}

export type ArticleStatus = "draft" | "published" | "deleting";

/** An article as its author writes it. Times are ISO 8601. */
export interface Draft extends ArticleText {
  readonly id: string;
  readonly version: string;
  readonly status: ArticleStatus;
  /** When it will be gone, if it is deleted. */
  readonly deleteAt: string | null;
}

/** A subject that can be chosen. */
export interface TagChoice {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}
