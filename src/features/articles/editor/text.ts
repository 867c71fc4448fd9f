import type { ArticleText } from "../write/draft-schema.ts";

/** Whether two texts look the same to readers: spaces around a title do not count. */
export function isSameText(one: ArticleText, other: ArticleText): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf({ title, excerpt, body, slug, tagIds }: ArticleText): string {
  return JSON.stringify([title.trim(), excerpt.trim(), body, slug, [...tagIds].sort()]);
}

/** Number of words in Markdown, separated by white space. */
export function countWords(body: string): number {
  return body.match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0;
}
