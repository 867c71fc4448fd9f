import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const algorithm = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;

/** The key and the context of an encrypted text. */
export interface SealOptions {
  readonly secret: string;
  /** A text encrypted for one purpose cannot be decrypted for another. */
  readonly purpose: string;
  /** Identifies the row of the text. It cannot be decrypted with another context. */
  readonly context: string;
}

/** Encrypts a text for storage, with AES-256-GCM and a separate key per purpose. */
export function seal(text: string, { secret, purpose, context }: SealOptions): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, keyFor(secret, purpose), iv);
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** @returns null for a text that was not encrypted with this secret, purpose and context. */
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
