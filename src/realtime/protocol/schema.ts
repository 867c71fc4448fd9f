/**
 * The part of Standard Schema (https://standardschema.dev) that the contract needs. Zod, Valibot and
 * ArkType implement it; the library depends on none of them.
 */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** What a schema's `validate` returns. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** Validates synchronously, as the contract does. A schema that returns a promise becomes an issue. */
export function validateNow<Output>(
  schema: StandardSchema<Output>,
  value: unknown,
): SchemaResult<Output> {
  const result = schema["~standard"].validate(value);
  return result instanceof Promise
    ? {
        issues: [{ message: "the schema is asynchronous" }],
      }
    : result;
}
