/** A word without the endings of its forms: "carries" and "carried" are "carry". */
export function stemOf(word: string): string {
  return word
    .replace(/^(.{2,})(?:ies|ied)$/, "$1y")
    .replace(/^(.{3,}?)(?:ing|ed|es|s)$/, "$1")
    .replace(/^(.{2,})([b-df-hj-np-tv-z])\2$/, "$1$2")
    .replace(/^(.{3,})e$/, "$1");
}
