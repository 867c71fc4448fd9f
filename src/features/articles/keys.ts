import type { CountNewerInput, FeedScope } from "./schema.ts";

export const articleKeys = {
  /** `from` is the cursor in the page's URL, for readers without JavaScript. */
  feed: ({ tagId, authorId }: FeedScope, from: string | null) => {
    if (tagId !== undefined) return ["tag-articles", tagId, from] as const;
    if (authorId !== undefined) return ["user-article-feed", authorId, from] as const;
    return ["article-feed", from] as const;
  },
  draft: (articleId: string) => ["draft", articleId] as const,
  version: (articleId: string) => ["article-version", articleId] as const,
  newer: (than: CountNewerInput | null) => ["newer-articles", than?.id ?? null] as const,
};
