import { decodeId, encodeId, isIdText, spellingPattern } from "./encode-id.ts";
import { ProtocolError, type ProtocolErrorCode } from "./errors.ts";
import { idLength } from "./limits.ts";
import type { StandardSchema } from "./schema.ts";

/** An id as a writer gives it. Readers get it as a string: `42`, `42n` and `"42"` are the same id. */
export type Id = string | number | bigint;

/** Name of an id: `commentId`, not `body`. The suffix makes content fail the type check. */
export type IdName = `${string}Id`;

/** The ids of one signal, by name, as a writer gives them. */
export type IdInput<Name extends string = string> = { readonly [Key in Name]: Id };

/** The ids of one signal, by name, as a reader gets them. */
export type Ids<Name extends string = string> = { readonly [Key in Name]: string };

const idNamePattern = /^[a-z][A-Za-z0-9]{0,30}Id$/;

export function isIdName(value: string): value is IdName {
  return idNamePattern.test(value);
}

/** Whether a received value consists of 1 to 64 characters of the wire's alphabet: see {@link encodeId}. */
export function isIdSpelling(value: unknown): value is string {
  return typeof value === "string" && value.length <= idLength && spellingPattern.test(value);
}

/**
 * Converts an id given by a caller to a string.
 *
 * @param what how error messages name the value
 * @throws {ProtocolError} when the value is not a string, safe integer or bigint, has white space, a
 * control character or one of `< > "`, or its spelling is longer than {@link idLength}.
 */
export function parseId(value: unknown, what: string, code: ProtocolErrorCode): string {
  const id = toText(value);
  const isShort = id !== undefined && id.length <= idLength;
  if (id === undefined || (isShort && !isIdText(id))) {
    throw new ProtocolError(
      code,
      `${what} is not an id. An id is a whole number, a bigint, or a string without white space, control characters and < > ". Its spelling on the wire has 1 to ${idLength} characters of A-Z a-z 0-9 _ - = @ , ; and others are escaped. Send the id of a row and let the reader fetch its content.`,
    );
  }
  const length = isShort ? encodeId(id).length : id.length;
  if (length <= idLength) return id;
  throw new ProtocolError(
    code,
    `${what} has ${length} characters on the wire, ${idLength} are allowed; a character other than A-Z a-z 0-9 _ - = @ , ; counts three for each of its bytes. Use a shorter id, for example a hash of it.`,
  );
}

function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const isWhole = typeof value === "bigint" || Number.isSafeInteger(value);
  return isWhole ? String(value) : undefined;
}

/** Ids in their spelling on the wire and in the log. */
export function encodeIds(ids: Ids): Ids {
  return mapIds(ids, encodeId);
}

/** Ids as readers get them. The inverse of {@link encodeIds}. */
export function decodeIds(ids: Ids): Ids {
  return mapIds(ids, decodeId);
}

/** Returns the same object when no id changes, which is the usual case. */
function mapIds(ids: Ids, change: (id: string) => string): Ids {
  if (Object.values(ids).every((id) => change(id) === id)) return ids;
  return Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, change(id)]));
}

/**
 * Declares the ids that a signal carries, e.g. `ids("commentId")`. Returns a Standard Schema that accepts an
 * object with exactly these names. A schema of Zod, Valibot or ArkType can be used instead.
 */
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
