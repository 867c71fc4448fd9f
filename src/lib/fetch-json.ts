import { AppError, type AppErrorCode } from "./app-error.ts";
import { checkSession } from "./page-status.ts";
import { pageHeaders } from "./page-viewer.ts";

const codeOfStatus: Readonly<Record<number, AppErrorCode>> = {
  400: "invalid_input",
  401: "unauthenticated",
  403: "forbidden",
  404: "not_found",
  409: "other_viewer",
  429: "too_many_requests",
  503: "unavailable",
};

/**
 * Reads one of our own GET routes, for the account that the page was rendered for: the server refuses the read
 * when the cookie is another's.
 *
 * @throws {AppError} with the code of the status; `unavailable` when there was no answer.
 */
export async function fetchJson<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  return send(path, { signal: signal ?? null, cache: "no-store", headers: pageHeaders() });
}

/**
 * Sends JSON to one of our own POST routes.
 *
 * @throws {AppError} as {@link fetchJson} does
 */
export async function postJson<Body>(
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<Body> {
  const headers = { "content-type": "application/json", ...pageHeaders() };
  return send(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers,
    signal: signal ?? null,
  });
}

async function send<Body>(path: string, init: RequestInit): Promise<Body> {
  const response = await fetch(path, init).catch((cause: unknown) => {
    if (init.signal?.aborted === true) throw cause;
    throw new AppError("unavailable", "The site cannot be reached. Check your connection.", {
      cause,
    });
  });
  if (response.ok) return response.json() as Promise<Body>;
  const code = codeOfStatus[response.status] ?? "internal";
  if (code === "unauthenticated" || code === "other_viewer") void checkSession();
  throw new AppError(code, `Reading failed with status ${response.status}.`);
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
