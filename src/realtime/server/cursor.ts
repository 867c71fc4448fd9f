const algorithm = "AES-GCM";
const ivBytes = 12;
const encoder = new TextEncoder();

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
  const key = deriveKey(secret);
  // Whoever uses the key first hears of a failure; nobody does before that.
  key.catch(() => {});
  return {
    seal: async (channel, position) => {
      const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
      const sealed = await crypto.subtle.encrypt(
        { name: algorithm, iv, additionalData: encoder.encode(channel) },
        await key,
        encoder.encode(position),
      );
      return toBase64Url(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
    },
    open: async (channel, cursor) => {
      try {
        const bytes = fromBase64Url(cursor ?? "");
        const position = await crypto.subtle.decrypt(
          {
            name: algorithm,
            iv: bytes.subarray(0, ivBytes),
            additionalData: encoder.encode(channel),
          },
          await key,
          bytes.subarray(ivBytes),
        );
        return new TextDecoder().decode(position);
      } catch {
        return null;
      }
    },
  };
}

async function deriveKey(secret: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
    "deriveKey",
  ]);
  return crypto.subtle.deriveKey(
    {
      name: "HKDF",
      hash: "SHA-256",
      salt: new Uint8Array(),
      info: encoder.encode("querycast.cursor"),
    },
    material,
    { name: algorithm, length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

function toBase64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
