/** What a row with an id is called, and the page that shows it. */
export interface Named {
  readonly type: NamedType;
  readonly label: string;
  /** Path of its page. */
  readonly href: string;
}

export type NamedType = "person" | "article" | "gist" | "tag" | "comment";

/** By id. An id that is missing is of a row that is deleted, or that the viewer may not read. */
export type Names = Readonly<Record<string, Named>>;

const uuidPattern = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** The UUIDs in texts, each once. */
export function idsIn(...texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => text.toLowerCase().match(uuidPattern) ?? []))];
}

/** Splits a text at its UUIDs: every second part is one. */
export function splitAtIds(text: string): readonly string[] {
  return text.split(new RegExp(`(${uuidPattern.source})`, "gi"));
}

/** Words for a row without a name. "Deleted" and "not readable" look the same under row-level security. */
export const missingNames: Readonly<Record<NamedType | "unknown", string>> = {
  person: "A deleted account",
  article: "A deleted or unpublished article",
  gist: "A deleted or private gist",
  tag: "A deleted tag",
  comment: "A deleted comment",
  unknown: "Something that was deleted",
};

/** A channel of the site in words: what it is about, and the id in its name. */
export interface ChannelWords {
  readonly words: string;
  readonly type: NamedType;
  readonly id: string;
}

/** @returns undefined for a name without an id, or of a kind that is not known here. */
export function channelWords(channel: string): ChannelWords | undefined {
  const [, head = "", id] = /^(.+)\.([^.]+)$/.exec(channel) ?? [];
  const known = byHead.get(head);
  if (known === undefined || id === undefined || idsIn(id)[0] !== id.toLowerCase())
    return undefined;
  return { ...known, id: id.toLowerCase() };
}

const byHead = new Map<string, Omit<ChannelWords, "id">>([
  ["user", { words: "Own channel of", type: "person" }],
  ["profile", { words: "Profile of", type: "person" }],
  ["resource.article", { words: "Article", type: "article" }],
  ["resource.gist", { words: "Gist", type: "gist" }],
  ["tag", { words: "Tag", type: "tag" }],
]);
