import { createHash, createHmac } from "node:crypto";

/** What a Pusher-protocol broker calls an app. */
export interface Credentials {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
}

export function hmac(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
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
  const query = `auth_key=${key}&auth_timestamp=${Math.floor(nowMs / 1000)}&auth_version=1.0&body_md5=${digest}`;
  return `${path}?${query}&auth_signature=${hmac(secret, `POST\n${path}\n${query}`)}`;
}
