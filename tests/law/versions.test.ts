import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/**
 * The oldest version of each package without a known vulnerability that affects this site. Raise them when
 * advisories are published. So far: middleware bypass and SSRF through WebSocket upgrades (next), denial of
 * service in server components (react), disclosure of the environment (inngest), sign-in links (next-auth).
 */
const oldest: Readonly<Record<string, string>> = {
  next: "16.2.6",
  react: "19.2.6",
  "react-dom": "19.2.6",
  inngest: "4.2.5",
  "next-auth": "4.24.12",
};

type Lock = { readonly packages: Readonly<Record<string, { readonly version?: string }>> };
const lock = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "..", "package-lock.json"), "utf8"),
) as Lock;

test.each(Object.entries(oldest))("every copy of %s is locked at %s or newer", (name, least) => {
  const found = Object.entries(lock.packages)
    .filter(([path]) => path.endsWith(`node_modules/${name}`))
    .map(([, { version = "" }]) => version);
  expect(found).not.toEqual([]);
  expect(found.filter((version) => !isAtLeast(version, least))).toEqual([]);
});

test("versions are compared as numbers, and a prerelease is older than its release", () => {
  expect(isAtLeast("16.10.0", "16.2.6")).toBe(true);
  expect(isAtLeast("16.2.6", "16.2.6")).toBe(true);
  expect(isAtLeast("16.2.5", "16.2.6")).toBe(false);
  expect(isAtLeast("15.9.9", "16.2.6")).toBe(false);
  expect(isAtLeast("16.2.6-canary.1", "16.2.6")).toBe(false);
});

function isAtLeast(version: string, least: string): boolean {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return false;
  return version.localeCompare(least, "en", { numeric: true }) >= 0;
}
