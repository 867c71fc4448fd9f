/** "1 reply", "3 replies". Pass the plural when it is not the word with an s. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount.toLocaleString("en")} ${amount === 1 ? one : many}`;
}

/** The initials of a person, at most two: "Ada Lovelace" is AL. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("");
}

/** The paragraphs of a plain text, separated by empty lines. Line breaks within are kept. */
export function paragraphs(text: string): string[] {
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");
}

const wordsPerMinute = 230;

/** Reading time in minutes, at least one. */
export function readingMinutes(characters: number): number {
  return Math.max(1, Math.round(characters / 5.8 / wordsPerMinute));
}
