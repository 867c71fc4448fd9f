import { clientAddress } from "@/lib/client-address.ts";
import type { RequestSource } from "./auth-context.ts";

/** Where a request came from. The address is the one that `TRUSTED_PROXIES` lets count, see `clientAddress`. */
export function requestSource(headers: Pick<Headers, "get">): RequestSource {
  return {
    address: clientAddress(headers),
    userAgent: (headers.get("user-agent") ?? "").slice(0, 256),
  };
}
