import { createHash, timingSafeEqual } from "node:crypto";

/** Whether a request carries this token as `Authorization: Bearer …`. */
export function hasBearer(request: Request, token: string): boolean {
  const given = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  // Digests have equal lengths, so that the comparison time reveals neither length nor content.
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
