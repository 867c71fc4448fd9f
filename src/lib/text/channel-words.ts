import { idsIn, missingNames, type NamedType, type Names } from "./names.ts";

/** A channel in words. */
export interface ChannelWords {
  /** Before the name of the row, or alone. */
  readonly words: string;
  /** The row that the channel is about. */
  readonly row?: { readonly type: NamedType; readonly id: string };
}

/** @returns undefined for a name of an unknown kind, or without the id that its kind has */
export function channelWords(channel: string): ChannelWords | undefined {
  const alone = wordsAlone.get(channel);
  if (alone !== undefined) return { words: alone };
  const [, head = "", id = ""] = /^(.+)\.([^.]+)$/.exec(channel) ?? [];
  const known = wordsBefore.get(head);
  if (known === undefined || idsIn(id)[0] !== id.toLowerCase()) return undefined;
  const [words, type] = known;
  return { words, ...(type && { row: { type, id: id.toLowerCase() } }) };
}

/** A channel as one phrase, such as "Desk of The Margin". A name without words is returned as it is. */
export function channelTitle(channel: string, names: Names): string {
  const { words, row } = channelWords(channel) ?? { words: channel };
  if (row === undefined) return words;
  const label = names[row.id]?.label;
  if (label !== undefined) return `${words} ${label}`;
  const missing = missingNames[row.type];
  // A single word, such as "Article", repeats the label.
  return words.includes(" ")
    ? `${words} ${missing.charAt(0).toLowerCase()}${missing.slice(1)}`
    : missing;
}

/** Channels without parameters. */
const wordsAlone = new Map([
  ["site", "Every open page"],
  ["announcement", "Announcements"],
  ["activity", "Activity of the site"],
]);

/** Channels whose last parameter is the id of a row. Rows without a type have no page. */
const wordsBefore = new Map<string, readonly [words: string, type?: NamedType]>([
  ["user", ["Own channel of", "person"]],
  ["profile", ["Profile of", "person"]],
  ["resource.article", ["Article", "article"]],
  ["resource.gist", ["Gist", "gist"]],
  ["tag", ["Tag", "tag"]],
  ["publication", ["Publication", "publication"]],
  ["team", ["Members of", "publication"]],
  ["desk", ["Submissions to", "publication"]],
  ["chat", ["Desk of", "publication"]],
  ["chart", ["Readers of", "publication"]],
  ["figures.public", ["Public figures of", "publication"]],
  ["figures.member", ["Figures for members of", "publication"]],
  ["figures.editor", ["Figures for editors of", "publication"]],
  ["submission", ["Submission", "submission"]],
  ["replying.article", ["Who is replying on", "article"]],
  ["replying.gist", ["Who is replying on", "gist"]],
  ["import", ["Progress of an import"]],
  ["preview", ["Preview of", "article"]],
  ["report", ["Daily report of", "person"]],
]);
