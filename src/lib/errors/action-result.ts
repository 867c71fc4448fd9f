import { correlated } from "../http/correlated.ts";
import { log } from "../logging/log.ts";
import type { AppErrorCode, FieldErrors } from "./app-error.ts";
import { toAppError } from "./to-app-error.ts";

export interface ActionFailure {
  readonly ok: false;
  readonly code: AppErrorCode;
  readonly message: string;
  readonly fieldErrors: FieldErrors;
}

/** Result of a server action. Errors are values, since Next removes the message of a thrown error. */
export type ActionResult<Value> = { readonly ok: true; readonly value: Value } | ActionFailure;

/** Whether an error is a fault of the site (`true`) or one that the person can correct. */
const isFault: Record<AppErrorCode, boolean> = {
  invalid_input: false,
  unauthenticated: false,
  forbidden: false,
  not_found: false,
  conflict: false,
  too_many_requests: false,
  other_viewer: false,
  outdated: false,
  unavailable: true,
  internal: true,
};

/** Runs an action and converts anything it throws into a value. */
export function toActionResult<Value>(work: () => Promise<Value>): Promise<ActionResult<Value>> {
  return correlated(async () => {
    try {
      return { ok: true, value: await work() };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (isFault[error.code]) log.error("action failed", { code: error.code, cause: error.cause });
      const { code, message, fieldErrors } = error;
      return { ok: false, code, message, fieldErrors };
    }
  });
}
