/**
 * Ids on the wire, in channel names and in the log have one alphabet: Pusher's without `.`, which
 * separates the parts of a channel name. An id with other characters is escaped:
 * `auth0|507f` travels as `=auth0=7C507f`.
 *
 * The escape is `=` in front, and each UTF-8 byte outside the alphabet, and each `=`, as `=` and two
 * upper-case hexadecimal digits. All other ids are spelt as they are, also those that begin with `=`,
 * unless they are the spelling of an id with other characters. So each text of the alphabet is the
 * spelling of exactly one id, and each id has exactly one spelling.
 */
const plainPattern = /^[A-Za-z0-9_\-=@,;]+$/;
const escapedCharacters = /[^A-Za-z0-9_\-@,;]/gu;
/** `encodeURIComponent` leaves these as they are. */
const unescapedByUri = /[.!~*'()]/;

/**
 * Refused in ids: white space, control characters, invisible format characters, halves of a surrogate
 * pair, and `< > "`. No identifier scheme uses them; prose, markup and JSON cannot do without them.
 */
const refusedCharacters = /[\s<>"\p{Cc}\p{Cs}\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

/** Whether a text can be an id, apart from its length. */
export function isIdText(text: string): boolean {
  return text !== "" && !refusedCharacters.test(text);
}

/** The spelling of an id on the wire. The id must be one: see {@link isIdText}. */
export function encodeId(id: string): string {
  return plainPattern.test(id) && decodeId(id) === id ? id : escapeId(id);
}

/** The id that a text of the wire's alphabet spells. */
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
