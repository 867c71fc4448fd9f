import { hash, verify } from "@node-rs/argon2";

/** argon2id with the parameters OWASP recommends: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

let decoy: Promise<string> | undefined;

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/**
 * Whether the password matches the hash. Without a hash (unknown e-mail, or an account that signs in
 * elsewhere) it returns false after the same time, so that the response time reveals nothing.
 */
export async function verifyPassword(
  passwordHash: string | null | undefined,
  password: string,
): Promise<boolean> {
  if (passwordHash) return verify(passwordHash, password);
  decoy ??= hashPassword("nobody's password");
  await verify(await decoy, password);
  return false;
}
