/** A value with one spelling in JSON. Numbers are whole, since decimals have several spellings. */
export type CanonicalValue =
  | string
  | number
  | boolean
  | null
  | readonly CanonicalValue[]
  | { readonly [name: string]: CanonicalValue };

/**
 * JSON with sorted names and without spaces, as in RFC 8785: equal values give equal texts.
 *
 * @throws {TypeError} for a number that is not a whole number, and for a value that JSON cannot express.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value as Record<string, CanonicalValue>).sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    return `{${entries.map(([name, each]) => `${JSON.stringify(name)}:${canonicalJson(each)}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new TypeError(`${value} is not a whole number. Write decimals as text.`);
  }
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`A ${typeof value} has no JSON.`);
  return text;
}
