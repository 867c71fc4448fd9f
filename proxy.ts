import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { env } from "@/lib/env.ts";
import { contentSecurityPolicy } from "@/lib/http/content-security-policy.ts";

/**
 * Sets the content security policy of each page, with a new nonce. Next reads the nonce from the request and adds it to
 * its scripts and styles. Pages and routes check access; the proxy does not.
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
