import type { ActionResult } from "./action-result.ts";
import { AppError } from "./app-error.ts";

/**
 * Calls a server action and returns its value.
 *
 * @throws {AppError} what the action answered, or `unavailable` when there was no answer.
 */
export async function unwrapAction<Value>(
  call: () => Promise<ActionResult<Value>>,
): Promise<Value> {
  const result = await call().catch((cause: unknown) => {
    throw new AppError("unavailable", "The site cannot be reached. Nothing is lost: try again.", {
      cause,
    });
  });
  if (result.ok) return result.value;
  const { code, message, fieldErrors } = result;
  throw new AppError(code, message, { fieldErrors });
}
