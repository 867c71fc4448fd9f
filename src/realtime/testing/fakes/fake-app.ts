import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Credentials of an app at a Pusher-protocol broker. */
export interface FakeApp {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
}

/** The default app of all fakes. */
export const defaultApp: FakeApp = { appId: "fake", key: "fake-key", secret: "fake-secret" };

/** Signature that lets a socket join a channel. */
export function signChannel(app: FakeApp, socketId: string, wireName: string): string {
  return `${app.key}:${hmac(app, `${socketId}:${wireName}`)}`;
}

/** Signature that ties a socket to a user. */
export function signUserData(app: FakeApp, socketId: string, userData: string): string {
  return `${app.key}:${hmac(app, `${socketId}::user::${userData}`)}`;
}

/** How far the timestamp of a REST request may differ from the clock. */
const windowMs = 600_000;

/**
 * Checks a REST call: https://pusher.com/docs/channels/library_auth_reference/rest-api/#authentication
 *
 * @returns the reason for a refusal, or undefined
 */
export function refuseRestCall(
  app: FakeApp,
  { method, url, body, nowMs }: { method: string; url: URL; body: string; nowMs: number },
): string | undefined {
  const given = url.searchParams.get("auth_signature") ?? "";
  const signed = [...url.searchParams].filter(([name]) => name !== "auth_signature").sort();
  const query = signed.map(([name, value]) => `${name}=${value}`).join("&");
  const digest = createHash("md5").update(body).digest("hex");
  const ageMs = Math.abs(nowMs - Number(url.searchParams.get("auth_timestamp")) * 1000);
  if (url.searchParams.get("auth_key") !== app.key) return "The key belongs to another app.";
  if (body !== "" && url.searchParams.get("body_md5") !== digest)
    return "The body does not match body_md5.";
  if (!(ageMs <= windowMs)) return "The timestamp is more than ten minutes off.";
  const expected = hmac(app, `${method}\n${url.pathname}\n${query}`);
  return isSame(given, expected) ? undefined : "The signature does not match.";
}

export function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function hmac({ secret }: FakeApp, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}
