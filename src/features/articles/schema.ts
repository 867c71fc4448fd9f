import { z } from "zod";
import type { StoredRendering } from "@/lib/rendering/rendered-text.ts";
import { cursorText } from "@/lib/typed-text.ts";
import type { ArticleStatus } from "./draft-schema.ts";

export const articlesPerPage = 12;

/** Which articles a feed shows: all of them, those of one tag, or those of one author. */
export const listArticlesInput = z.object({
  tagId: z.uuid().optional(),
  authorId: z.uuid().optional(),
  after: cursorText().optional(),
});
export type ListArticlesInput = z.infer<typeof listArticlesInput>;

/** What tells one feed from another. */
export type FeedScope = Pick<ListArticlesInput, "tagId" | "authorId">;

/** The newest article somebody has read of. */
export const countNewerInput = z.object({
  id: z.uuid(),
  publishedAt: z.iso.datetime({ offset: true }),
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

/** An article on its own page. What is not published is read by its author only. */
export interface Article extends Omit<ArticleEntry, "publishedAt" | "commentCount"> {
  readonly body: string;
  /** What is left of an earlier rendering of the body. */
  readonly rendering: StoredRendering | null;
  readonly status: ArticleStatus;
  /** Null for a draft. */
  readonly publishedAt: string | null;
  /** When it will be gone, if it is deleted. */
  readonly deleteAt: string | null;
  /** Of its text; later ones sort behind. */
  readonly version: string;
  readonly author: ArticleEntry["author"] & { readonly id: string; readonly bio: string };
}
