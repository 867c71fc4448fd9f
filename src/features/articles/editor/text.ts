import type { ArticleText } from "../draft-schema.ts";

/** Whether two texts are the same for their readers: spaces around a title are not read. */
export function isSameText(one: ArticleText, other: ArticleText): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf({ title, excerpt, body, slug, tagIds }: ArticleText): string {
  return JSON.stringify([title.trim(), excerpt.trim(), body, slug, [...tagIds].sort()]);
}

/** Words of a text in markdown, as far as blanks part them. */
export function countWords(body: string): number {
  return body.match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0;
}
