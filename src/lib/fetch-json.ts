import { AppError, type AppErrorCode } from "./app-error.ts";

const codeOfStatus: Readonly<Record<number, AppErrorCode>> = {
  400: "invalid_input",
  401: "unauthenticated",
  403: "forbidden",
  404: "not_found",
  429: "too_many_requests",
  503: "unavailable",
};

/** A request of a page that has not been answered by then has failed. */
export const requestDeadlineMs = 20_000;

/**
 * Reads one of our own GET routes, within 20 s.
 *
 * @param signal cancels the request, e.g. the one TanStack gives to a query function.
 * @throws {AppError} with the code of the status; `unavailable` when there was no answer.
 */
export async function fetchJson<Body>(path: string, signal?: AbortSignal): Promise<Body> {
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
    const { signal: either } = request;
    const response = await fetch(path, { signal: either, cache: "no-store" }).catch(failed);
    if (response.ok) return (await response.json().catch(failed)) as Body;
    const code = codeOfStatus[response.status] ?? "internal";
    throw new AppError(code, `Reading failed with status ${response.status}.`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
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
