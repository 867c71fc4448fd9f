import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const algorithm = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;

/** Who can read a text, and where it belongs. */
export interface SealOptions {
  readonly secret: string;
  /** Keeps what is sealed for one purpose from being opened for another. */
  readonly purpose: string;
  /** Whatever the text stands beside: beside something else it cannot be opened. */
  readonly context: string;
}

/** Encrypts a text for rest, with AES-256-GCM under a key of its own for each purpose. */
export function seal(text: string, { secret, purpose, context }: SealOptions): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, keyFor(secret, purpose), iv);
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** @returns null for what was not sealed with this secret, for this purpose and in this place. */
export function unseal(sealed: string, { secret, purpose, context }: SealOptions): string | null {
  try {
    const bytes = Buffer.from(sealed, "base64url");
    const iv = bytes.subarray(0, ivBytes);
    const decipher = createDecipheriv(algorithm, keyFor(secret, purpose), iv, {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    const text = decipher.update(bytes.subarray(ivBytes + tagBytes));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}

function keyFor(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", purpose, 32));
}
