import { createTokenBucket, type RateLimit } from "querycast/server";
import { z } from "zod";
import type { BrowserUsage } from "./metrics-registry.ts";

export interface UsageHandlerOptions {
  /** The session that a request proves, or null. */
  readonly getSession: (request: Request) => Promise<string | null>;
  /** Of the site's pages. */
  readonly allowedOrigins: readonly string[];
  readonly onUsage: (usage: BrowserUsage) => void;
  readonly onRefusal: () => void;
  /** Per session. Default: bursts of 4, one in ten seconds. */
  readonly rateLimit?: RateLimit;
}

/** Two numbers of seven digits, with room. */
const bodyBytes = 256;
/** More than a page hears in a minute; a report with more is no report. */
const count = z.number().int().min(0).max(1_000_000);
const usage = z.strictObject({ signals: count, fetches: count });

/**
 * Takes what a browser has counted since its last report: two numbers, from pages of the site, by somebody
 * who is signed in. They are its word, for a curve and no decision.
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
