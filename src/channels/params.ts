import type { StandardSchema } from "querycast";

/** The values that one parameter accepts. */
interface Check<Value extends string> {
  readonly expected: string;
  passes(value: unknown): value is Value;
}

type Value<Each> = Each extends Check<infer Of> ? Of : never;
type Values<Checks> = { readonly [Name in keyof Checks]: Value<Checks[Name]> };

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const uuid: Check<string> = {
  expected: "a UUID",
  passes: (value): value is string => typeof value === "string" && uuidPattern.test(value),
};

export function oneOf<const Words extends readonly string[]>(
  ...words: Words
): Check<Words[number]> {
  return {
    expected: `one of ${words.join(", ")}`,
    passes: (value): value is Words[number] => words.some((word) => word === value),
  };
}

/**
 * Narrows the parameters of a channel kind, as a Standard Schema. It is in the bundle of every page, so it
 * uses no validation library: the smallest one is twenty times as large.
 */
export function params<const Checks extends Readonly<Record<string, Check<string>>>>(
  checks: Checks,
): StandardSchema<Values<Checks>> {
  const validate = (input: unknown) => {
    const issues = Object.entries(checks)
      .filter(([name, check]) => !check.passes((input as Readonly<Record<string, unknown>>)[name]))
      .map(([name, { expected }]) => ({ message: `${name} is not ${expected}` }));
    return issues.length > 0 ? { issues } : { value: input as Values<Checks> };
  };
  return { "~standard": { version: 1, vendor: "inkwell", validate } };
}
