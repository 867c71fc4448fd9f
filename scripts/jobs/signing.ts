import { createHash, createHmac } from "node:crypto";

/** Removes Inngest's prefix, which is not part of the key. */
const bare = (signingKey: string) => signingKey.replace(/^signkey-\w+-/, "");

/**
 * The value of `x-inngest-signature` for a request body: HMAC-SHA-256 over the body as canonical JSON
 * (RFC 8785) followed by the time in seconds.
 */
export function signBody(body: string, signingKey: string, nowMs = Date.now()): string {
  const time = String(Math.floor(nowMs / 1000));
  const hmac = createHmac("sha256", bare(signingKey));
  return `t=${time}&s=${hmac.update(canonicalJson(JSON.parse(body)) + time).digest("hex")}`;
}

/** The bearer token of the SDK's registration: the hash of the key. */
export function registrationToken(signingKey: string): string {
  const prefix = signingKey.slice(0, signingKey.length - bare(signingKey).length);
  return prefix + createHash("sha256").update(bare(signingKey), "hex").digest("hex");
}

/** JSON without white space, the members of each object sorted by UTF-16 code units. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => {
      const member = (value as Record<string, unknown>)[key];
      return `${JSON.stringify(key)}:${canonicalJson(member)}`;
    });
  return `{${members.join(",")}}`;
}
