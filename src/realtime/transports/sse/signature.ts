import { createHmac, timingSafeEqual } from "node:crypto";
import type { Viewer } from "../../server/viewer.ts";

/** Validity of a signature. Longer than the maximum duration of a connection. */
const validForMs = 5 * 60_000;

/** Signs that a socket of a viewer's session may subscribe to a wire name for five minutes. */
export interface Signatures {
  sign(socketId: string, wireName: string, viewer: Viewer): string;
  verify(auth: string, socketId: string, wireName: string, viewer: Viewer): boolean;
}

/** @param now returns milliseconds since 1970, roughly synchronised between processes. */
export function createSignatures(secret: string, now: () => number): Signatures {
  // Derives a key, since the same secret is also used for other purposes.
  const key = createHmac("sha256", secret).update("querycast stream").digest();
  const signUntil = (untilMs: number, socketId: string, wireName: string, viewer: Viewer) => {
    // JSON keeps the values apart, whichever characters they contain.
    const text = JSON.stringify([untilMs, socketId, wireName, viewer.id, viewer.sessionId ?? null]);
    return `${untilMs}.${createHmac("sha256", key).update(text).digest("base64url")}`;
  };
  return {
    sign: (...about) => signUntil(now() + validForMs, ...about),
    verify: (auth, ...about) => {
      const untilMs = Number(/^(\d{1,15})\./.exec(auth)?.[1]);
      if (!(untilMs > now())) return false;
      const [given, right] = [Buffer.from(auth), Buffer.from(signUntil(untilMs, ...about))];
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}
