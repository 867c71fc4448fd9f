import { createHash, timingSafeEqual } from "node:crypto";

/** True when a request carries this token as `Authorization: Bearer …`. */
export function hasBearer(request: Request, token: string): boolean {
  const given = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  // Digests are equally long, so that neither length nor content shows in the time taken.
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
