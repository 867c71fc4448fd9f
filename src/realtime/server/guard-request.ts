import { limits } from "../protocol/limits.ts";
import { RequestError } from "./request-error.ts";

/** The origin a request says it comes from. A page of another site that hides it sends `null`. */
export function originOf(request: Request): string {
  return request.headers.get("origin") ?? "null";
}

/**
 * What can be refused before anyone is asked who this is. Cookies travel with requests that other
 * sites make; a JSON body and an `Origin` on our list are what those cannot have.
 *
 * @throws {RequestError}
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
  // No `Origin` at all: not a browser, or one that vouches for the page with Sec-Fetch-Site.
  const trusted = origin === null ? site !== "same-site" : allowedOrigins.includes(origin);
  if (!trusted || site === "cross-site") throw new RequestError("forbidden_origin");
  const declaredBytes = Number(request.headers.get("content-length") ?? 0);
  if (declaredBytes > maxBytes) throw new RequestError("too_large");
}
