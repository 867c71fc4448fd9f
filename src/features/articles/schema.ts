import { z } from "zod";
import type { StoredRendering } from "@/lib/rendering/rendered-text.ts";
import { storedTime } from "@/lib/text/stored-time.ts";
import { cursorText } from "@/lib/text/typed-text.ts";
import type { ArticleStatus } from "./write/draft-schema.ts";

export const articlesPerPage = 12;

/** The articles of a feed: all, those with a tag, or those of an author. */
export const listArticlesInput = z.object({
  tagId: z.uuid().optional(),
  authorId: z.uuid().optional(),
  after: cursorText().optional(),
});
export type ListArticlesInput = z.infer<typeof listArticlesInput>;

/** Identifies a feed. */
export type FeedScope = Pick<ListArticlesInput, "tagId" | "authorId">;

/** The newest loaded article. */
export const countNewerInput = z.object({
  id: z.uuid(),
  publishedAt: storedTime(),
});
export type CountNewerInput = z.infer<typeof countNewerInput>;

export interface TagLink {
  readonly slug: string;
  readonly name: string;
}

/** An article in a list. Times are ISO 8601. */
export interface ArticleEntry {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly excerpt: string;
  readonly publishedAt: string;
  readonly readingMinutes: number;
  readonly commentCount: number;
  readonly author: { readonly handle: string; readonly name: string };
  readonly tags: readonly TagLink[];
}

/** An article on its own page. Unpublished ones are readable by their author only. */
export interface Article extends Omit<ArticleEntry, "publishedAt" | "commentCount"> {
  readonly body: string;
  /** The stored rendering of the body, or null. */
  readonly rendering: StoredRendering | null;
  readonly status: ArticleStatus;
  /** Null for a draft. */
  readonly publishedAt: string | null;
  /** When a deleted article will be removed. */
  readonly deleteAt: string | null;
  /** Version of the text; versions sort as text. */
  readonly version: string;
  readonly author: ArticleEntry["author"] & { readonly id: string; readonly bio: string };
}
