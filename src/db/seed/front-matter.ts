export interface FrontMatter<Required extends string, Optional extends string> {
  readonly fields: Readonly<Record<Required, string> & Partial<Record<Optional, string>>>;
  readonly body: string;
}

/**
 * Splits `key: value` lines between two `---` from the text after them. A value is the rest of its line,
 * including colons, without quotes or nesting.
 *
 * @throws when a field is missing, unknown or empty, with the file and the field.
 */
export function parseFrontMatter<Required extends string, Optional extends string = never>(
  file: string,
  text: string,
  required: readonly Required[],
  optional: readonly Optional[] = [],
): FrontMatter<Required, Optional> {
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  if (head === undefined || body === undefined) {
    throw new Error(`${file} does not begin with fields between two lines of "---".`);
  }
  const found = new Map<string, string>();
  for (const line of head.split("\n")) {
    const [, key, value] = /^([a-z-]+): *(\S.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      throw new Error(`${file}: "${line}" is not a field. Write it like "title: My words".`);
    }
    found.set(key, value.trim());
  }
  const known: readonly string[] = [...required, ...optional];
  const unknown = [...found.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new Error(`${file}: nobody reads a field "${unknown}". Known are ${known.join(", ")}.`);
  }
  const missing = required.find((key) => !found.has(key));
  if (missing !== undefined) throw new Error(`${file} has no field "${missing}". Add it.`);
  return {
    fields: Object.fromEntries(found) as FrontMatter<Required, Optional>["fields"],
    body: body.trim(),
  };
}

/** @throws when `text` is not a number of days, zero or more. */
export function parseDays(file: string, text: string): number {
  const days = Number(text);
  if (!Number.isFinite(days) || days < 0) {
    throw new Error(`${file}: "${text}" is not a number of days. Write it like 12 or 0.5.`);
  }
  return days;
}
