import { ProtocolError, type ProtocolErrorCode } from "./errors.ts";
import { limits } from "./limits.ts";
import type { StandardSchema } from "./schema.ts";

/** A value that names a row. Travels as a string, so that `42` and `"42"` have one spelling. */
export type Id = string | number;

/** Ids are named after what they identify: `commentId`, never `body`. Content does not type-check. */
export type IdName = `${string}Id`;

/** The ids of one signal as a writer gives them. */
export type IdInput<Name extends string = string> = { readonly [Key in Name]: Id };

/** The same ids as a reader gets them. */
export type Ids<Name extends string = string> = { readonly [Key in Name]: string };

/**
 * The Pusher alphabet without `.`, which separates the parts of a channel name. No white space, so
 * prose cannot pass for an id.
 */
const idPattern = new RegExp(`^[A-Za-z0-9_\\-=@,;]{1,${limits.idLength}}$`);
const idNamePattern = /^[a-z][A-Za-z0-9]{0,30}Id$/;

export function isIdName(value: string): value is IdName {
  return idNamePattern.test(value);
}

/** Whether a value off the wire is an id in its one spelling. */
export function isId(value: unknown): value is string {
  return typeof value === "string" && idPattern.test(value);
}

/**
 * The one spelling of an id.
 *
 * @throws {ProtocolError} when the value is not a string or a safe, non-negative integer, is longer
 * than {@link limits.idLength}, or has a character outside `A-Za-z0-9_-=@,;`.
 */
export function parseId(value: unknown, what: string, code: ProtocolErrorCode): string {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return String(value);
  if (isId(value)) return value;
  throw new ProtocolError(
    code,
    `${what} is not an id. An id is a non-negative integer or 1 to ${limits.idLength} characters of A-Z a-z 0-9 _ - = @ , ; — send the id of a row and let the reader fetch its content.`,
  );
}

/** Declares the ids a signal carries, e.g. `ids("commentId")`. Any Standard Schema does as well. */
export function ids<const Name extends IdName>(
  ...names: readonly Name[]
): StandardSchema<IdInput<Name>> {
  return {
    "~standard": {
      version: 1,
      vendor: "querycast",
      validate: (value) => {
        if (typeof value !== "object" || value === null || Array.isArray(value)) {
          return { issues: [{ message: "ids are given as an object" }] };
        }
        const given = Object.keys(value);
        const missing = names.filter((name) => !Object.hasOwn(value, name));
        const unknown = given.filter((name) => !(names as readonly string[]).includes(name));
        if (missing.length > 0) return { issues: [{ message: `missing: ${missing.join(", ")}` }] };
        if (unknown.length > 0)
          return { issues: [{ message: `not declared: ${unknown.join(", ")}` }] };
        return { value: value as IdInput<Name> };
      },
    },
  };
}
