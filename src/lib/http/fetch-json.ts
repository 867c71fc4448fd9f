import { AppError, type AppErrorCode } from "../errors/app-error.ts";
import { statusOfError } from "../errors/status-of-error.ts";
import { checkSession } from "../pages/page-status.ts";
import { pageHeaders } from "../pages/page-viewer.ts";

/** Timeout of a request from a page. */
export const requestDeadlineMs = 20_000;

/**
 * Reads one of our own GET routes, within 20 s, for the account that the page was rendered for: the server
 * refuses the read when the cookie is another's.
 *
 * @param signal cancels the request, e.g. the one TanStack gives to a query function.
 * @throws {AppError} of the answer, see {@link readError}; `unavailable` when there was no answer.
 */
export async function fetchJson<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  return send(path, { cache: "no-store" }, signal);
}

/**
 * Sends JSON to a POST route of this site.
 *
 * @throws {AppError} as {@link fetchJson} does
 */
export async function postJson<Body>(
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<Body> {
  const headers = { "content-type": "application/json" };
  return send(path, { method: "POST", body: JSON.stringify(body), headers }, signal);
}

async function send<Body>(
  path: string,
  init: { readonly headers?: Readonly<Record<string, string>> } & Omit<RequestInit, "headers">,
  signal: AbortSignal | undefined,
): Promise<Body> {
  const request = new AbortController();
  const abort = () => request.abort(signal?.reason);
  const timer = setTimeout(abort, requestDeadlineMs);
  signal?.addEventListener("abort", abort);
  const failed = (cause: unknown): never => {
    if (signal?.aborted === true) throw cause;
    const message = "The site cannot be reached. Check your connection.";
    throw new AppError("unavailable", message, { cause });
  };
  try {
    signal?.throwIfAborted();
    const headers = { ...pageHeaders(), ...init.headers };
    const response = await fetch(path, { ...init, headers, signal: request.signal }).catch(failed);
    if (response.ok) return (await response.json().catch(failed)) as Body;
    throw await readError(response);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/**
 * The error in a response that is not OK. Only a body of our routes has a code. A status without it, e.g. the 401 of
 * a proxy, means neither "signed out" nor "not found": the error is `unavailable`, and a retry may succeed.
 */
export async function readError(response: Response): Promise<AppError> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => null);
  const { code, message } = Object(body) as { code: AppErrorCode; message: string };
  if (statusOfError[code] !== status) {
    return new AppError("unavailable", `The request failed with status ${status}. Try again.`);
  }
  if (code === "unauthenticated" || code === "other_viewer") void checkSession();
  return new AppError(code, message);
}

/** A path with its query string; parameters that are `null` or `undefined` are left out. */
export function withParams(
  path: string,
  params: Readonly<Record<string, string | null | undefined>>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value != null) search.set(name, value);
  return search.size === 0 ? path : `${path}?${search}`;
}
