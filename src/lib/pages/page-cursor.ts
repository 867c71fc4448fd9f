import { z } from "zod";
import { AppError } from "../errors/app-error.ts";
import { storedTime } from "../text/stored-time.ts";

/**
 * Position in a list: the sort key of the last row, and its id since times may be equal. `at` keeps the
 * microseconds of Postgres, which a JavaScript `Date` drops.
 */
export interface PageCursor {
  readonly at: string;
  readonly id: string;
}

/** One page of a list that is read by cursor. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextCursor: string | null;
}

/** The text of a time in Postgres leaves out the minutes of an offset of whole hours. */
const toIso = (at: string): string => at.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00");

const cursorSchema = z.object({
  at: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/)
    .refine((at) => storedTime().safeParse(toIso(at)).success),
  id: z.uuid(),
});

export function encodeCursor({ at, id }: PageCursor): string {
  return toBase64Url(`${at} ${id}`);
}

export function isCursor(text: string): boolean {
  return decode(text).success;
}

/** @throws {AppError} `invalid_input` when the text is not a valid cursor. */
export function parseCursor(text: string): PageCursor {
  const decoded = decode(text);
  if (decoded.success) return decoded.data;
  throw new AppError(
    "invalid_input",
    "This URL names no page of the list. Open the list from its start.",
  );
}

function decode(text: string) {
  const plain = fromBase64Url(text);
  const split = plain.lastIndexOf(" ");
  return cursorSchema.safeParse({ at: plain.slice(0, split), id: plain.slice(split + 1) });
}

/** Builds a page from one row more than it holds. The extra row only shows that another page follows. */
export function toPage<Row>(
  rows: readonly Row[],
  size: number,
  cursorOf: (row: Row) => PageCursor,
): Page<Row> {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const hasMore = rows.length > size && last !== undefined;
  return { rows: page, nextCursor: hasMore ? encodeCursor(cursorOf(last)) : null };
}

function toBase64Url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text: string): string {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
}
