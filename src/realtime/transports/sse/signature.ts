import { createHmac, timingSafeEqual } from "node:crypto";
import type { Viewer } from "../../server/viewer.ts";

/** Longer than a connection lives. */
const validForMs = 5 * 60_000;

/** What a signature says: this socket, of this person and session, may hear this wire name for a while. */
export interface Signatures {
  sign(socketId: string, wireName: string, viewer: Viewer): string;
  verify(auth: string, socketId: string, wireName: string, viewer: Viewer): boolean;
}

/** @param now milliseconds since 1970, of about the same clock in all processes. */
export function createSignatures(secret: string, now: () => number): Signatures {
  // The secret serves other purposes too; a signature made for one of them is none here.
  const key = createHmac("sha256", secret).update("querycast stream").digest();
  const signUntil = (untilMs: number, socketId: string, wireName: string, viewer: Viewer) => {
    // A list as JSON: no value can reach into its neighbour.
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
