import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const algorithm = "aes-256-gcm";
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/** Encrypts positions of the log as cursors for clients, and decrypts them. */
export interface CursorCodec {
  seal(channel: string, position: string): Promise<string>;
  /** @returns null for a cursor that was not sealed with this secret for this channel; catch-up is then a gap. */
  open(channel: string, cursor: string | null): Promise<string | null>;
}

/**
 * Cursors are encrypted, not only signed: a position contains transaction ids, which would reveal the write
 * rate of the database. The channel name is authenticated data, so a cursor cannot be used on another channel.
 *
 * @param secret at least 32 characters, the same in all processes of one application.
 */
export function createCursorCodec(secret: string): CursorCodec {
  if (secret.length < 32) {
    throw new TypeError(
      `The secret has ${secret.length} characters, 32 are needed. Make one with: openssl rand -base64 32`,
    );
  }
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "querycast.cursor", keyBytes));
  return {
    seal: async (channel, position) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(channel));
      const sealed = [iv, cipher.update(position, "utf8"), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(sealed).toString("base64url");
    },
    // Synchronous: Web Crypto runs on another thread, which costs four times the CPU for a text this short.
    open: async (channel, cursor) => {
      // `Buffer.from` would skip characters outside the base64url alphabet.
      if (cursor === null || !/^[\w-]+$/.test(cursor)) return null;
      try {
        const bytes = Buffer.from(cursor, "base64url");
        const iv = bytes.subarray(0, ivBytes);
        const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagBytes });
        decipher.setAAD(Buffer.from(channel));
        decipher.setAuthTag(bytes.subarray(-tagBytes));
        const position = decipher.update(bytes.subarray(ivBytes, -tagBytes), undefined, "utf8");
        return position + decipher.final("utf8");
      } catch {
        return null;
      }
    },
  };
}
