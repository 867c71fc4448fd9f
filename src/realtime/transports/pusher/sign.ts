import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What a Pusher-protocol broker calls an app. */
export interface Credentials {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
}

export function hmac(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

/** In a time that tells nothing of where they differ. */
export function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * Path and signed query of a REST call:
 * https://pusher.com/docs/channels/library_auth_reference/rest-api/#authentication
 */
export function signRequest(
  { key, secret }: Credentials,
  path: string,
  body: string,
  nowMs: number,
): string {
  const digest = createHash("md5").update(body).digest("hex");
  return sign("POST", path, secret, `${authOf(key, nowMs)}&body_md5=${digest}`);
}

/** The same for a question, with parameters that sort after `auth_`. */
export function signQuestion(
  { key, secret }: Credentials,
  path: string,
  parameters: string,
  nowMs: number,
): string {
  return sign("GET", path, secret, `${authOf(key, nowMs)}&${parameters}`);
}

const authOf = (key: string, nowMs: number) =>
  `auth_key=${key}&auth_timestamp=${Math.floor(nowMs / 1000)}&auth_version=1.0`;

function sign(method: string, path: string, secret: string, query: string): string {
  return `${path}?${query}&auth_signature=${hmac(secret, `${method}\n${path}\n${query}`)}`;
}
