import { isDeepStrictEqual } from "node:util";
import type { Person } from "../people/person.ts";
import { comparable, type Read, textsOfChat } from "../people/reads.ts";

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

function isRight(person: Person, read: Read, expected: unknown, shown: unknown): boolean {
  if (isDeepStrictEqual(shown, expected)) return true;
  // A denied page stays denied until it is reloaded (K4), and shows no data.
  return isDenied(person, read) && shown === undefined;
}

const isDenied = (person: Person, { channel }: Read) =>
  channel !== undefined && person.isDenied(channel);

/** A page whose state of the chat is wrong: it has to be live for members and denied for others. Empty if it is right. */
export function misstated(person: Person, isRemoved: boolean): readonly string[] {
  const expected = isRemoved ? "denied" : "live";
  const said = person.claims()?.queries.find(({ read }) => read === textsOfChat)?.status;
  if (said === expected) return [];
  return [
    `${person.name} is ${isRemoved ? "no" : "a"} member of the chat, and its texts are ${said}.`,
  ];
}

/** The difference, in a few lines. */
export function describeDifference({ person, read, shown, expected }: Difference): string {
  const { status } = person.state();
  return `${person.name} (${status}${isDenied(person, read) ? ", denied" : ""}), ${read.name}:\n    shown    ${summary(shown, expected)}\n    expected ${summary(expected, shown)}`;
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
