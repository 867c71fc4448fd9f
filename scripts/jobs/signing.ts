import { createHash, createHmac } from "node:crypto";

/** The prefix that Inngest gives its keys is not part of the key. */
const bare = (signingKey: string) => signingKey.replace(/^signkey-\w+-/, "");

/**
 * The value of `x-inngest-signature` for a request body: HMAC-SHA-256 over the body as canonical JSON
 * (RFC 8785) followed by the time in seconds, as the SDK verifies it.
 */
export function signBody(body: string, signingKey: string, nowMs = Date.now()): string {
  const time = String(Math.floor(nowMs / 1000));
  const hmac = createHmac("sha256", bare(signingKey));
  return `t=${time}&s=${hmac.update(canonicalJson(JSON.parse(body)) + time).digest("hex")}`;
}

/** What the SDK sends as a bearer token when it registers its functions: the hash of the key. */
export function registrationToken(signingKey: string): string {
  const prefix = signingKey.slice(0, signingKey.length - bare(signingKey).length);
  return prefix + createHash("sha256").update(bare(signingKey), "hex").digest("hex");
}

/** JSON with the members of each object in the order of their UTF-16 code units, without white space. */
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
