import { unstable_isUnrecognizedActionError, unstable_rethrow } from "next/navigation";
import { checkSession, noteOutdated } from "../pages/page-status.ts";
import { type PageStamp, pageStamp } from "../pages/page-viewer.ts";
import { within } from "../within.ts";
import type { ActionResult } from "./action-result.ts";
import { AppError } from "./app-error.ts";

/** Next cannot cancel a server action: it may still run on the server after this time. */
const actionDeadlineMs = 60_000;

/**
 * Calls a server action for this page and returns its value.
 *
 * @param call receives the stamp of the page, the first argument of every action.
 * @throws {AppError} the error of the action, or one of {@link callAction}.
 */
export async function unwrapAction<Value>(
  call: (page: PageStamp) => Promise<ActionResult<Value>>,
): Promise<Value> {
  const result = await callAction(() => call(pageStamp()));
  if (result.ok) return result.value;
  const { code, message, fieldErrors } = result;
  if (code === "unauthenticated" || code === "other_viewer") void checkSession();
  throw new AppError(code, message, { fieldErrors });
}

/**
 * Calls a server action and returns its answer, within a minute.
 *
 * @throws {AppError} `outdated` when the server runs another release; `unavailable` without an answer.
 * @throws the redirect of Next when the action redirects.
 */
export async function callAction<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  const answer = await within(actionDeadlineMs, call().catch(rethrow), null);
  if (answer === null) {
    const message = "The site did not answer. Check whether this was done before you try again.";
    throw new AppError("unavailable", message);
  }
  return answer;
}

function rethrow(cause: unknown): never {
  unstable_rethrow(cause);
  if (unstable_isUnrecognizedActionError(cause)) {
    noteOutdated();
    const message = "Inkwell was updated, so this was not done. Reload the page and try again.";
    throw new AppError("outdated", message, { cause });
  }
  const message = "The site cannot be reached. Check your connection and try again.";
  throw new AppError("unavailable", message, { cause });
}
