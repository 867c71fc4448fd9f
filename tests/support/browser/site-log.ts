import type { Variables } from "../../../scripts/parts/settings.ts";
import { demoAccounts, demoPassword } from "../../../src/db/seed/demo-accounts.ts";

/** Patterns of credentials that must not be logged. */
const keys: Readonly<Record<string, RegExp>> = {
  "a signature": /[0-9a-f]{64}/,
  "a session token": /\beyJ[\w-]{16}/,
  "the values of a statement": /\bparams: |Failing row contains/,
  "a cookie": /session-token|csrf-token|\bset-cookie\b/i,
  "the hash of a password": /\$argon2/,
};

/** What the demo accounts of every site enter. */
const demoSecrets: Readonly<Record<string, string>> = {
  "the demo password": demoPassword,
  ...Object.fromEntries(
    demoAccounts.map(({ role, email }) => [`the e-mail of the ${role}`, email]),
  ),
};

/**
 * @param secrets values by their name, see {@link secretsOf}
 * @throws when the site has logged a secret, a cookie, a signature, or what its demo accounts enter
 */
export function demandSilence(
  lines: readonly string[],
  secrets: Readonly<Record<string, string>>,
): void {
  const found = [
    ...Object.entries({ ...secrets, ...demoSecrets }).filter(([, secret]) =>
      lines.some((line) => line.includes(secret)),
    ),
    ...Object.entries(keys).filter(([, key]) => lines.some((line) => key.test(line))),
  ].map(([name]) => name);
  if (found.length > 0) throw new Error(`The site has logged ${found.join(", ")}.`);
}

/** Values that must stay on the server, by the name of their variable. */
export function secretsOf(variables: Variables): Record<string, string> {
  const names = [
    ...["PUSHER_SECRET", "NEXTAUTH_SECRET", "QUERYCAST_SECRET", "METRICS_TOKEN"],
    ...["EVIDENCE_KEY", "SMTP_URL"],
  ].filter((name) => variables[name] !== undefined);
  const passwords = ["DATABASE_URL", "DATABASE_OWNER_URL"].map((name) => [
    name,
    new URL(variables[name] ?? "").password,
  ]);
  return Object.fromEntries([...names.map((name) => [name, variables[name] ?? ""]), ...passwords]);
}
