import type { RequestSource } from "./auth-context.ts";

/**
 * The last address in `x-forwarded-for` is the one the nearest proxy has seen; those before it are
 * whatever the client wrote. Next fills the header in where no proxy does, so a server without one
 * limits honest clients only by address, and everyone by e-mail.
 */
export function requestSource(headers: Pick<Headers, "get">): RequestSource {
  const address = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return {
    address: (address || "unknown").slice(0, 64),
    userAgent: (headers.get("user-agent") ?? "").slice(0, 256),
  };
}
