import { isIdSpelling } from "./ids.ts";
import { randomId, toHex } from "./random-id.ts";

const bytes = 16;

/** A secret name for one run of a mutation: nobody can guess it, or make it from what is published. */
export const createOrigin = randomId;

/**
 * The name under which the run's signals travel. A hash: everybody on a channel sees it, and who could
 * publish under it would have the tab take foreign signals for its own, and lose them.
 *
 * @throws {TypeError} in a page that was loaded over plain http: browsers keep `crypto.subtle` from it.
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
