import { serve } from "inngest/next";
import { NextRequest } from "next/server";
import { env } from "@/lib/env.ts";
import { boundedRoute } from "@/lib/http/bounded-route.ts";
import { inngest } from "../../../inngest/client.ts";
import { functions } from "../../../inngest/index.ts";

type Handlers = ReturnType<typeof serve>;

let served: Handlers | undefined;
/**
 * Created at the first request: the list of functions depends on the environment, which a build does not
 * have.
 */
const handlers = (): Handlers => {
  served ??= serve({ client: inngest, functions: functions() });
  return served;
};

/**
 * The SDK registers the URL of the request. Behind a proxy that ends TLS without `X-Forwarded-Proto` this
 * would be an http URL, which such a proxy refuses or redirects. A host of this site gets the protocol of
 * its origin; any other host (such as a container's name) is left as it is.
 */
function withOwnProtocol(request: NextRequest): NextRequest {
  const url = new URL(request.url);
  const host = request.headers.get("host") ?? url.host;
  const origin = env().allowedOrigins.find((each) => new URL(each).host === host);
  if (origin === undefined || url.protocol === new URL(origin).protocol) return request;
  const { method, headers, signal, body } = request;
  return new NextRequest(new URL(url.pathname + url.search, origin), {
    method,
    headers,
    signal,
    ...(body !== null && { body, duplex: "half" }),
  });
}

/** Inngest sends the state of a run: 4 MB at most (https://www.inngest.com/docs/usage-limits/inngest). */
const bounds = { maxBytes: 4_500_000 };

const route = (method: "GET" | "POST" | "PUT") =>
  boundedRoute(
    (request, context: unknown) => handlers()[method](withOwnProtocol(request), context),
    bounds,
  );

export const GET = route("GET");
export const POST = route("POST");
export const PUT = route("PUT");
