import { isIdSpelling } from "./ids.ts";

const bytes = 16;

/** Makes a secret random id for one run of a mutation: 32 hexadecimal digits. */
export function createOrigin(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}

/**
 * The origin as it is published: a hash, because all clients on the channel receive it. A writer who knew
 * the secret could publish under it, and the tab would drop the foreign signals as its own.
 *
 * @throws {TypeError} in a page loaded over plain http, where browsers have no `crypto.subtle`.
 */
export async function publishedOrigin(origin: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(origin));
  return toHex(new Uint8Array(hash, 0, bytes));
}

/**
 * Converts the origin that a browser sent with a mutation to the form that `publish` takes. An invalid
 * origin becomes `undefined` and does not fail the write: the tab then only fetches once more.
 */
export async function originOf(sent: unknown): Promise<string | undefined> {
  return isIdSpelling(sent) ? publishedOrigin(sent) : undefined;
}

function toHex(data: Uint8Array): string {
  return [...data].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
