import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What a Pusher-protocol broker knows an app by. */
export interface FakeApp {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
}

/** The app of every fake that is not told another. */
export const defaultApp: FakeApp = { appId: "fake", key: "fake-key", secret: "fake-secret" };

/** Signature that lets a socket join a channel. */
export function signChannel(app: FakeApp, socketId: string, wireName: string): string {
  return `${app.key}:${hmac(app, `${socketId}:${wireName}`)}`;
}

/** Signature that ties a socket to a user. */
export function signUserData(app: FakeApp, socketId: string, userData: string): string {
  return `${app.key}:${hmac(app, `${socketId}::user::${userData}`)}`;
}

/** How far a REST request's clock may be off. */
const windowMs = 600_000;

/**
 * Checks a REST call: https://pusher.com/docs/channels/library_auth_reference/rest-api/#authentication
 *
 * @returns why it is refused, or undefined.
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
  if (url.searchParams.get("auth_key") !== app.key) return "The key is of another app.";
  if (body !== "" && url.searchParams.get("body_md5") !== digest)
    return "The body is not the one that was signed.";
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
