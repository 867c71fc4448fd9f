export interface CommentSource {
  /** Place in the page's threads, "2.1.3": the third answer to the first answer to the second comment. */
  readonly path: string;
  readonly parentPath: string | null;
  /** Handle. */
  readonly author: string;
  /** Since the comment above it in the tree, or since the page for a first comment. */
  readonly afterMs: number;
  readonly edited: boolean;
  readonly body: string;
}

const header = /^(#{1,6}) @([a-z0-9_-]+) after (\d+)([mhd])(, edited)?$/;
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The comments of one page, as a document: `# @pim after 2h` opens a comment, one more `#` makes it
 * an answer to the one above.
 *
 * @throws when an answer has nothing above it, or a comment has no words.
 */
export function parseThread(file: string, text: string): CommentSource[] {
  const comments: { comment: Omit<CommentSource, "body">; lines: string[] }[] = [];
  const place: number[] = [];
  for (const line of text.split("\n")) {
    const [, hashes, author, amount, unit, edited] = header.exec(line) ?? [];
    if (hashes === undefined || author === undefined) {
      comments.at(-1)?.lines.push(line);
      continue;
    }
    if (hashes.length > place.length + 1) {
      throw new Error(`${file}: "${line}" answers nothing. Take a # away.`);
    }
    place.length = hashes.length;
    place.push((place.pop() ?? 0) + 1);
    comments.push({
      comment: {
        path: place.join("."),
        parentPath: place.length > 1 ? place.slice(0, -1).join(".") : null,
        author,
        afterMs: Number(amount) * (unitMs[unit ?? ""] ?? Number.NaN),
        edited: edited !== undefined,
      },
      lines: [],
    });
  }
  return comments.map(({ comment, lines }) => {
    const body = lines.join("\n").trim();
    if (body === "") throw new Error(`${file}: comment ${comment.path} has no words.`);
    return { ...comment, body };
  });
}
