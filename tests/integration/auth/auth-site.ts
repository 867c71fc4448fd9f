import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import NextAuth from "next-auth";
import type { AuthContext } from "@/auth/auth-context.ts";
import { sessionCookie } from "@/auth/session/session-cookie.ts";
import { nextAuthOptions } from "@/auth/sign-in/next-auth-options.ts";
import { requestSource } from "@/auth/sign-in/request-source.ts";
import { stampAddress } from "@/lib/http/client-address.ts";

export const secret = "a secret of the tests, long enough";
export const url = "http://127.0.0.1:3000";
export const source = { address: "192.0.2.1", userAgent: "a test" };
export const { name: cookieName } = sessionCookie(url);

/** A browser's cookies, with the rules that these tests need. */
export interface Visitor {
  /** As last set, with attributes. */
  readonly cookies: Map<string, string>;
  get(path: string): Promise<Response>;
  post(path: string, form: Record<string, string>): Promise<Response>;
}

export interface AuthSite {
  readonly url: string;
  visitor(headers?: Record<string, string>): Visitor;
  close(): Promise<void>;
}

/** The real next-auth with the site's options behind a real HTTP server, called as by Next. */
export async function startAuthSite(context: AuthContext): Promise<AuthSite> {
  const server = createServer((request, response) => {
    const answer = async () => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://site");
      const nextauth = pathname.split("/").slice(3);
      const req = {
        method: request.method,
        headers: request.headers,
        query: { ...Object.fromEntries(searchParams), nextauth },
        body: Object.fromEntries(new URLSearchParams(await text(request))),
        cookies: parseCookies(request),
      };
      const res = Object.assign(response, {
        status: (code: number) => Object.assign(response, { statusCode: code }),
        send: (body: unknown) =>
          response.end(typeof body === "string" ? body : JSON.stringify(body ?? {})),
        json: (body: unknown) => response.end(JSON.stringify(body)),
      });
      stampAddress(request, 1);
      const source = requestSource(new Headers(request.headers as Record<string, string>));
      await NextAuth(
        req as never,
        res as never,
        nextAuthOptions(context, { secret, url, github: { id: "id", secret: "secret" } }, source),
      );
    };
    answer().catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    visitor: (headers = {}) => createVisitor(url, headers),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function parseCookies(request: IncomingMessage): Record<string, string> {
  const pairs = request.headers.cookie?.split("; ") ?? [];
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = "", value = ""] = pair.split("=", 2);
      return [name, decodeURIComponent(value)];
    }),
  );
}

function createVisitor(url: string, headers: Record<string, string>): Visitor {
  const cookies = new Map<string, string>();
  const send = async (path: string, init: RequestInit) => {
    const cookie = [...cookies].map(([name, set]) => `${name}=${set.split(";")[0]}`).join("; ");
    const response = await fetch(`${url}${path}`, {
      ...init,
      redirect: "manual",
      headers: { ...headers, cookie },
    });
    for (const set of response.headers.getSetCookie()) {
      const [name = ""] = set.split("=", 1);
      cookies.set(name, set.slice(name.length + 1));
    }
    return response;
  };
  return {
    cookies,
    get: (path) => send(path, {}),
    post: (path, form) => send(path, { method: "POST", body: new URLSearchParams(form) }),
  };
}
