import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const algorithm = "aes-256-gcm";
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/** Turns positions in the log into cursors for clients, and back. */
export interface CursorCodec {
  seal(channel: string, position: string): Promise<string>;
  /** @returns null for everything this server did not give out for this channel: the answer is a gap. */
  open(channel: string, cursor: string | null): Promise<string | null>;
}

/**
 * Cursors are encrypted, not just signed: a position is made of transaction numbers, which would tell
 * anyone how much is written here. The channel is authenticated with it, so a cursor of one channel is
 * nothing on another.
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
    // On this thread: Web Crypto uses another one, which costs four times the CPU for a text this short.
    open: async (channel, cursor) => {
      // `Buffer` would skip characters that are not of the alphabet.
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
