import { clientAddress } from "@/lib/http/client-address.ts";
import type { RequestSource } from "../auth-context.ts";

/** The source of a request. `TRUSTED_PROXIES` decides which address counts, see `clientAddress`. */
export function requestSource(headers: Pick<Headers, "get">): RequestSource {
  return {
    address: clientAddress(headers),
    userAgent: (headers.get("user-agent") ?? "").slice(0, 256),
  };
}
