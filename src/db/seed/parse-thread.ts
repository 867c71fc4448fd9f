export interface CommentSource {
  /**
   * Position in the threads of the page: "2.1.3" is the third reply to the first reply to the second
   * comment.
   */
  readonly path: string;
  readonly parentPath: string | null;
  /** Handle. */
  readonly author: string;
  /** Time since its parent comment, or since the page for a top-level comment. */
  readonly afterMs: number;
  readonly edited: boolean;
  readonly body: string;
}

const header = /^(#{1,6}) @([a-z0-9_-]+) after (\d+)([mhd])(, edited)?$/;
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Parses the comments of one page: `# @pim after 2h` starts a comment, and each further `#` makes it a
 * reply to the comment above.
 *
 * @throws when a reply has no parent, or a comment has no text.
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
