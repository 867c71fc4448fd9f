import { limits } from "../../protocol/limits.ts";
import { RequestError } from "./request-error.ts";

/** The request's `Origin` header; `null` without one, which is also what browsers send for opaque origins. */
export function originOf(request: Request): string {
  return request.headers.get("origin") ?? "null";
}

/**
 * Checks a request before its session is read. Browsers send cookies also with requests of other sites, but
 * those cannot send a JSON body with an allowed `Origin`.
 *
 * @throws {RequestError} when the method, media type, origin or declared length is not allowed.
 */
export function guardRequest(
  request: Request,
  allowedOrigins: readonly string[],
  maxBytes: number = limits.requestBytes,
): void {
  if (request.method !== "POST") throw new RequestError("method_not_allowed");
  const mediaType = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType !== "application/json") throw new RequestError("unsupported_media_type");
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  // Without `Origin` the client is not a browser, or a browser that sends `Sec-Fetch-Site`.
  const trusted = origin === null ? site !== "same-site" : allowedOrigins.includes(origin);
  if (!trusted || site === "cross-site") throw new RequestError("forbidden_origin");
  const declaredBytes = Number(request.headers.get("content-length") ?? 0);
  if (declaredBytes > maxBytes) throw new RequestError("too_large");
}
