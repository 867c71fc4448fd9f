import { isIdSpelling } from "./ids.ts";

const bytes = 16;

/** A secret name for one run of a mutation: nobody can guess it, or make it from what is published. */
export function createOrigin(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}

/**
 * The name under which the run's signals travel. A hash: everybody on a channel sees it, and who could
 * publish under it would have the tab take foreign signals for its own, and lose them.
 */
export async function publishedOrigin(origin: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(origin));
  return toHex(new Uint8Array(hash, 0, bytes));
}

/**
 * What a browser sent as the origin of its mutation, as `publish` takes it. Anything that is no origin
 * counts as none: it only saves its tab a read, and no write is to fail for that.
 */
export async function originOf(sent: unknown): Promise<string | undefined> {
  return isIdSpelling(sent) ? publishedOrigin(sent) : undefined;
}

function toHex(data: Uint8Array): string {
  return [...data].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
