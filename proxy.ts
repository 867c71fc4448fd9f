import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { env } from "@/lib/env.ts";
import { contentSecurityPolicy } from "@/lib/http/content-security-policy.ts";

/**
 * Gives every page a policy with a nonce of its own; Next finds the nonce in the request and puts it on
 * what it writes. Who may see what is decided in pages and routes, never here.
 */
export function proxy(request: NextRequest): NextResponse {
  const { auth, broker, imageHosts } = env();
  const secure = auth.url.startsWith("https:");
  const policy = contentSecurityPolicy({
    nonce: randomBytes(16).toString("base64"),
    broker: broker?.public ?? null,
    secure,
    github: auth.github !== null,
    imageHosts,
    // biome-ignore lint/style/noProcessEnv: the bundler replaces it with the mode it builds for
    development: process.env.NODE_ENV === "development",
  });
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

/** Pages; answers of routes and built files are no documents. */
export const config = { matcher: "/((?!api/|_next/static/).*)" };
