import { unstable_rethrow } from "next/navigation";
import { ZodError } from "zod";
import { AppError, type FieldErrors } from "./app-error.ts";

/**
 * The one reading of whatever was thrown. What is not ours becomes `internal` with nothing of it in
 * the message; the cause stays for the log.
 *
 * @throws redirects and not-founds, which belong to Next.
 */
export function toAppError(thrown: unknown): AppError {
  unstable_rethrow(thrown);
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof ZodError) {
    const fieldErrors = toFieldErrors(thrown);
    const [first = "Check what you entered."] = Object.values(fieldErrors).flat();
    return new AppError("invalid_input", first, { cause: thrown, fieldErrors });
  }
  return new AppError("internal", "Something broke on our side. Try again in a moment.", {
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
