import { LOOPBACK } from "../ports.ts";
import type { Variables } from "../settings.ts";

/**
 * The origins of the site's pages, for the broker's guard: `url`, localhost and `ALLOWED_ORIGINS`. Invalid
 * entries of `ALLOWED_ORIGINS` are skipped here; the site refuses to start with them.
 */
export function pageOrigins(given: Variables, url: string, port: number): readonly string[] {
  const listed = (given.ALLOWED_ORIGINS ?? "").split(/[\s,]+/).filter((text) => URL.canParse(text));
  const addresses = [url, `http://localhost:${port}`, `http://${LOOPBACK}:${port}`, ...listed];
  return [...new Set(addresses.map((address) => new URL(address).origin))];
}
