import { refusalOf } from "@/db/refusal-of.ts";
import { AppError } from "@/lib/errors/app-error.ts";

/**
 * For `catch` of a statement that may leave a publication without an owner, which the database refuses.
 *
 * @throws {AppError} `conflict` for that refusal. Another error is thrown as it is.
 */
export function keepOwner(error: unknown): never {
  if (refusalOf(error) !== "restrict_violation") throw error;
  throw new AppError("conflict", "A publication keeps at least one owner.", { cause: error });
}
