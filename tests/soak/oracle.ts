import { isDeepStrictEqual } from "node:util";
import { channels } from "@/channels/index.ts";
import type { Person } from "./person.ts";
import { comparable, type Read } from "./reads.ts";

/** A cache entry that differs from its viewer's select. */
export interface Difference {
  readonly person: Person;
  readonly read: Read;
  readonly shown: unknown;
  readonly expected: unknown;
}

/** I1: compares the cache of a person with that person's own select. */
export async function compare(person: Person): Promise<readonly Difference[]> {
  const all = await Promise.all(
    person.reads.map(async (read) => ({
      person,
      read,
      expected: comparable(read, await read.expected()),
      shown: comparable(read, person.shown(read)),
    })),
  );
  return all.filter(({ read, expected, shown }) => !isRight(person, read, expected, shown));
}

function isRight(person: Person, { page }: Read, expected: unknown, shown: unknown): boolean {
  if (isDeepStrictEqual(shown, expected)) return true;
  // A denied page stays denied until it is reloaded (K4), and shows no data.
  const wasDenied = page !== undefined && person.isDenied(channels.resource(page).name);
  return wasDenied && shown === undefined;
}

/** The difference, in a few lines. */
export function describeDifference({ person, read, shown, expected }: Difference): string {
  const { status } = person.state();
  const denied = read.page !== undefined && person.isDenied(channels.resource(read.page).name);
  return `${person.name} (${status}${denied ? ", denied" : ""}), ${read.name}:\n    shown    ${summary(shown, expected)}\n    expected ${summary(expected, shown)}`;
}

/** Shows only the rows that the other side lacks: long threads often differ in one comment. */
function summary(value: unknown, other: unknown): string {
  const rows = rowsOf(value);
  const others = rowsOf(other);
  if (rows === undefined || others === undefined)
    return shorten(JSON.stringify(value) ?? "nothing");
  const odd = rows.filter((row) => !others.some((each) => isDeepStrictEqual(row, each)));
  return shorten(`${rows.length} rows, missing on the other side: ${JSON.stringify(odd)}`);
}

function rowsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  const { pages, comments } = (value ?? {}) as {
    readonly pages?: readonly { readonly rows: readonly unknown[] }[];
    readonly comments?: readonly unknown[];
  };
  return comments ?? pages?.flatMap(({ rows }) => rows);
}

const shorten = (text: string) => (text.length > 600 ? `${text.slice(0, 600)}…` : text);
