import { LOOPBACK } from "./ports.ts";
import type { Variables } from "./settings.ts";

/**
 * The origins at which pages of the site are opened, for the broker's guard: that of `url`, those on this
 * machine, and those of `ALLOWED_ORIGINS`. What is no address there is left out; the site refuses to start
 * with it.
 */
export function pageOrigins(given: Variables, url: string, port: number): readonly string[] {
  const listed = (given.ALLOWED_ORIGINS ?? "").split(/[\s,]+/).filter((text) => URL.canParse(text));
  const addresses = [url, `http://localhost:${port}`, `http://${LOOPBACK}:${port}`, ...listed];
  return [...new Set(addresses.map((address) => new URL(address).origin))];
}
