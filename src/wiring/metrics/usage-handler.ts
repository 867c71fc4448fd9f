import { createTokenBucket, type RateLimit } from "querycast/server";
import { z } from "zod";
import type { BrowserUsage } from "./metrics-registry.ts";

export interface UsageHandlerOptions {
  /** The id of the verified session of a request, or null. */
  readonly getSession: (request: Request) => Promise<string | null>;
  /** Origins of the site's pages. */
  readonly allowedOrigins: readonly string[];
  readonly onUsage: (usage: BrowserUsage) => void;
  readonly onRefusal: () => void;
  /** Per session. Default: bursts of 4, then one per ten seconds. */
  readonly rateLimit?: RateLimit;
}

/** Room for two numbers of seven digits. */
const bodyBytes = 256;
/** More than a page receives in a minute. A report with more is refused. */
const count = z.number().int().min(0).max(1_000_000);
const usage = z.strictObject({ signals: count, fetches: count });

/**
 * Receives the counts of a browser since its last report: two numbers, from pages of the site, with a
 * session. They are not verified, so they are used for a chart and for no decision.
 */
export function createUsageHandler(
  options: UsageHandlerOptions,
): (request: Request) => Promise<Response> {
  const { getSession, allowedOrigins, onUsage, onRefusal } = options;
  const { rateLimit = createTokenBucket({ burst: 4, perSecond: 0.1 }) } = options;

  const judge = async (request: Request): Promise<number> => {
    if (!allowedOrigins.includes(request.headers.get("origin") ?? "")) return 403;
    if (request.headers.get("content-type") !== "application/json") return 415;
    if (Number(request.headers.get("content-length") ?? bodyBytes + 1) > bodyBytes) return 413;
    const session = await getSession(request);
    if (session === null) return 401;
    if (rateLimit.take(session) > 0) return 429;
    const body = usage.safeParse(await request.json().catch(() => undefined));
    if (!body.success) return 400;
    onUsage(body.data);
    return 204;
  };

  return async (request) => {
    const status = await judge(request);
    if (status !== 204) onRefusal();
    return new Response(null, { status, headers: { "cache-control": "no-store" } });
  };
}
