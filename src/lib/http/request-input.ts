import { AppError } from "../errors/app-error.ts";

/** The query string as an object. A repeated parameter becomes an array, which every schema refuses. */
export function searchParamsOf(request: Request): Record<string, string | string[]> {
  const params: Record<string, string | string[]> = {};
  const { searchParams } = new URL(request.url);
  for (const name of new Set(searchParams.keys())) {
    const values = searchParams.getAll(name);
    params[name] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return params;
}

/**
 * Refuses a body that is not JSON: a page of another origin cannot send this content type without a preflight.
 *
 * @throws {AppError} `invalid_input`
 */
export function assertJson({ headers }: Request): void {
  if (headers.get("content-type") === "application/json") return;
  throw new AppError("invalid_input", "Send the body as application/json.");
}
