import { unstable_rethrow } from "next/navigation";
import { ZodError } from "zod";
import { AppError, type FieldErrors } from "./app-error.ts";

/**
 * Converts anything thrown to an AppError. An unknown error becomes `internal`, without its message; the
 * cause is kept for the log.
 *
 * @throws redirects and not-founds of Next.
 */
export function toAppError(thrown: unknown): AppError {
  unstable_rethrow(thrown);
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof ZodError) {
    const fieldErrors = toFieldErrors(thrown);
    const [first = "Check the fields."] = Object.values(fieldErrors).flat();
    return new AppError("invalid_input", first, { cause: thrown, fieldErrors });
  }
  return new AppError("internal", "The server failed. Try again in a moment.", {
    cause: thrown,
  });
}

function toFieldErrors(error: ZodError): FieldErrors {
  const fields: Record<string, string[]> = {};
  for (const { path, message } of error.issues) {
    const field = path.join(".") || "form";
    fields[field] = [...(fields[field] ?? []), message];
  }
  return fields;
}
