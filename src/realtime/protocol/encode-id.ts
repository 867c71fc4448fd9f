/**
 * The spelling of ids on the wire, in channel names and in the log. Its alphabet is that of Pusher's
 * channel names without `.`, which separates the segments of a name. An id with other characters is
 * escaped: `auth0|507f` becomes `=auth0=7C507f`.
 *
 * An escaped id starts with `=`. In it each `=` and each UTF-8 byte outside the alphabet is written as `=`
 * and two upper-case hexadecimal digits. Every other id is its own spelling, unless that text is the
 * spelling of an escaped id. So each text of the alphabet spells exactly one id, and each id has exactly
 * one spelling.
 */
export const spellingPattern = /^[A-Za-z0-9_\-=@,;]+$/;
const escapedCharacters = /[^A-Za-z0-9_\-@,;]/gu;
/** Characters outside the alphabet that `encodeURIComponent` does not escape. */
const unescapedByUri = /[.!~*'()]/;

/**
 * Characters that ids must not have: white space, control characters, invisible format characters, lone
 * surrogates and `< > "`. Identifier schemes do not use them, but prose, markup and JSON do, so that
 * content cannot be sent as an id.
 */
const refusedCharacters = /[\s<>"\p{Cc}\p{Cs}\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

/** Whether a text is a valid id, regardless of its length. */
export function isIdText(text: string): boolean {
  return text !== "" && !refusedCharacters.test(text);
}

/** The spelling of an id on the wire. The id must have passed {@link isIdText}. */
export function encodeId(id: string): string {
  return spellingPattern.test(id) && decodeId(id) === id ? id : escapeId(id);
}

/** The id behind a spelling. */
export function decodeId(spelling: string): string {
  if (!spelling.startsWith("=")) return spelling;
  const id = unescapeId(spelling);
  return id !== undefined && isIdText(id) && encodeId(id) === spelling ? id : spelling;
}

function escapeId(id: string): string {
  return `=${id.replace(escapedCharacters, escapeCharacter)}`;
}

function escapeCharacter(character: string): string {
  return unescapedByUri.test(character)
    ? `=${character.charCodeAt(0).toString(16).toUpperCase()}`
    : encodeURIComponent(character).replaceAll("%", "=");
}

function unescapeId(spelling: string): string | undefined {
  try {
    return decodeURIComponent(spelling.slice(1).replaceAll("=", "%"));
  } catch {
    return undefined;
  }
}
