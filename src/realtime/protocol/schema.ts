/**
 * The part of Standard Schema (https://standardschema.dev) the contract needs. Zod, Valibot, ArkType
 * and others satisfy it; the library depends on none of them.
 */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** Validates without waiting. A schema that answers with a promise is refused: the contract is synchronous. */
export function validateNow<Output>(
  schema: StandardSchema<Output>,
  value: unknown,
): SchemaResult<Output> {
  const result = schema["~standard"].validate(value);
  return result instanceof Promise
    ? {
        issues: [
          { message: "the schema is asynchronous, and contracts are checked synchronously" },
        ],
      }
    : result;
}
