/** The name of a row and the path of its page. */
export interface Named {
  readonly type: NamedType;
  readonly label: string;
  /** Path of its page. */
  readonly href: string;
}

export type NamedType = "person" | "article" | "gist" | "tag" | "comment";

/** Names by id. A missing id belongs to a row that is deleted or not readable for the viewer. */
export type Names = Readonly<Record<string, Named>>;

const uuidPattern = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** The UUIDs in texts, each once. */
export function idsIn(...texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => text.toLowerCase().match(uuidPattern) ?? []))];
}

/** Splits a text at its UUIDs: every second part is a UUID. */
export function splitAtIds(text: string): readonly string[] {
  return text.split(new RegExp(`(${uuidPattern.source})`, "gi"));
}

/** Labels for rows without a name. Row-level security makes "deleted" and "not readable" look the same. */
export const missingNames: Readonly<Record<NamedType | "unknown", string>> = {
  person: "A deleted account",
  article: "A deleted or unpublished article",
  gist: "A deleted or private gist",
  tag: "A deleted tag",
  comment: "A deleted comment",
  unknown: "Something that was deleted",
};

/** A channel in words, and the id in its name. */
export interface ChannelWords {
  readonly words: string;
  readonly type: NamedType;
  readonly id: string;
}

/** @returns undefined for a name without an id or of an unknown kind. */
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
