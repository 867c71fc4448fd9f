/** The name of a row and the path of its page. */
export interface Named {
  readonly type: NamedType;
  readonly label: string;
  /** Path of its page. */
  readonly href: string;
}

export type NamedType =
  | "person"
  | "article"
  | "gist"
  | "tag"
  | "comment"
  | "publication"
  | "submission";

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
  publication: "A deleted publication",
  submission: "A deleted or confidential submission",
  unknown: "Something that was deleted",
};
