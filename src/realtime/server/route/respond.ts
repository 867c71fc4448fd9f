import type { ErrorCode, ErrorResponse, RelayAge, Spread } from "../../protocol/messages.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { RequestError } from "./request-error.ts";

const statusByCode: Readonly<Record<ErrorCode, number>> = {
  bad_request: 400,
  unsupported_version: 400,
  unauthenticated: 401,
  forbidden_origin: 403,
  method_not_allowed: 405,
  too_large: 413,
  unknown_key: 409,
  unsupported_media_type: 415,
  too_many_requests: 429,
  unavailable: 503,
};

/** A response that must not be cached: it depends on the viewer and the time. */
export function respond(status: number, body: object, headers: Record<string, string> = {}) {
  return Response.json(body, {
    status,
    headers: { "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers },
  });
}

export function respondWithError({ code, retryAfterS, key }: RequestError): Response {
  const body: ErrorResponse = { v: PROTOCOL_VERSION, error: code, key };
  return respond(statusByCode[code], body, {
    ...(code === "method_not_allowed" ? { allow: "POST" } : {}),
    ...(retryAfterS === undefined ? {} : { "retry-after": String(retryAfterS) }),
  });
}

/**
 * 200 when any channel was granted, `invalidStatus` when all are invalid, 403 when all are denied or invalid, otherwise
 * 503.
 */
export function respondWithResults(
  results: readonly { readonly status: string }[],
  known: Spread & RelayAge,
  invalidStatus: 400 | 403,
): Response {
  const all = (...statuses: readonly string[]) =>
    results.every(({ status }) => statuses.includes(status));
  const granted = results.some(
    ({ status }) => !["invalid", "denied", "unavailable"].includes(status),
  );
  const refused = all("denied", "invalid") ? 403 : 503;
  const refusal = all("invalid") ? invalidStatus : refused;
  return respond(granted ? 200 : refusal, { v: PROTOCOL_VERSION, results, ...known });
}
