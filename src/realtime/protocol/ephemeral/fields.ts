import { ProtocolError } from "../errors.ts";

/** Types of the fields of a message. An `id` is a string of 1 to 64 characters. */
interface FieldTypes {
  readonly id: string;
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}

/** Type of a field by name, e.g. `{ done: "number" }`. */
export type FieldList = Readonly<Record<string, keyof FieldTypes>>;

/** The values of the fields of a list. */
export type FieldValues<List> = {
  readonly [Name in keyof List]: List[Name] extends keyof FieldTypes
    ? FieldTypes[List[Name]]
    : never;
};

const fieldNamePattern = /^[a-z][A-Za-z0-9]{0,30}$/;
const mostFields = 12;

/**
 * Declares the fields of a message: `fields({ done: "number", step: "string" })`. All are required scalars.
 *
 * @throws {ProtocolError} `invalid_contract` for more than 12 fields, or an invalid name or type.
 */
export function fields<const List extends FieldList>(list: List): List {
  const entries = Object.entries(list);
  const invalid = entries.find(
    ([name, type]) =>
      !fieldNamePattern.test(name) || !["id", "string", "number", "boolean"].includes(type),
  );
  if (invalid !== undefined || entries.length > mostFields) {
    throw new ProtocolError(
      "invalid_contract",
      invalid === undefined
        ? `A message has ${entries.length} fields, ${mostFields} are allowed. Send ids and let the reader fetch the rest.`
        : `Field "${invalid[0]}" of a message is "${invalid[1]}". Use a camelCase name and id, string, number or boolean.`,
    );
  }
  return list;
}

/** Returns the name of a field that is missing, not declared or of another type; undefined if all are valid. */
export function findInvalidField(list: FieldList, values: object): string | undefined {
  const extra = Object.keys(values).find((name) => !Object.hasOwn(list, name));
  return extra ?? Object.keys(list).find((name) => !isOfType(list[name], values, name));
}

function isOfType(type: string | undefined, values: object, name: string): boolean {
  const value: unknown = Object.hasOwn(values, name) ? values[name as never] : undefined;
  if (type === "id") return typeof value === "string" && value.length > 0 && value.length <= 64;
  if (type === "number") return Number.isFinite(value);
  return typeof value === type;
}
