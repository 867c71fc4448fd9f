import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "../errors/app-error.ts";
import type { FairQueue, QueueRefusal } from "../fair-queue.ts";
import { parseTheme, themeCookie } from "../theme.ts";
import { bodyArrival, isBodyMissing } from "./body-arrival.ts";
import { capture, sendPage } from "./captured-page.ts";
import type { PageCache } from "./page-cache.ts";

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** How a request for a page was answered: by Next, from the cache, with 429, or with 503. */
export type PageAnswer = "passed" | "cached" | "too_many_requests" | "busy";

export interface PageGateOptions {
  readonly cache: PageCache;
  readonly queue: FairQueue;
  /** Places of requests whose body has not arrived yet. They take no turn of the queue. */
  readonly arrivals: FairQueue;
  /** The name of the cookie that carries a session. A request with it is never answered from the cache. */
  readonly sessionCookie: string;
  /**
   * Counts the request, and names its visitor for the queue.
   *
   * @throws {AppError} `too_many_requests`
   */
  readonly admit: (request: IncomingMessage) => Promise<string>;
  /** Called once a request, when it is known how it will be answered. */
  readonly onAnswer: (answer: PageAnswer) => void;
  readonly onError: (error: unknown) => void;
  /** How long a slow reader keeps a place of the queue; a page that is still rendered keeps it. Default 5,000. */
  readonly longestReadMs?: number;
}

/** Longer than any statement of a page may take, so nothing is rendered after it. */
const longestTurnMs = 30_000;
const longestUrl = 512;

/** With one of these headers Next responds with something other than the page's document. */
const bypassHeaders =
  /^(rsc|next-.*|x-nextjs-.*|x-middleware-.*|x-invoke-.*|x-matched-path|x-prerender-.*|range|authorization|expect)$/;
const previewCookie = /(^|;\s*)(__prerender_bypass|__next_preview_data)=/;

/**
 * Stands before Next's own listener. Pages are counted per visitor, rendered in turns that visitors take in
 * rotation, and, for visitors without an account, rendered once for all. Routes under `/api/` and built files pass.
 */
export function createPageGate({
  cache,
  queue,
  arrivals,
  sessionCookie,
  admit,
  onAnswer,
  onError,
  longestReadMs = 5_000,
}: PageGateOptions) {
  return (next: Listener): Listener =>
    (request, response) => {
      if (!isPage(request.url ?? "")) return next(request, response);
      answer(request, response, next).catch((error: unknown) => {
        onError(error);
        if (!response.headersSent) refuse(response, 500, null);
      });
    };

  async function answer(request: IncomingMessage, response: ServerResponse, next: Listener) {
    let visitor: string;
    try {
      visitor = await admit(request);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "too_many_requests") throw error;
      onAnswer("too_many_requests");
      return refuse(response, 429, error.retryAfterS ?? 10);
    }
    if (!isForEverybody(request, sessionCookie)) return render(visitor, request, response, next);
    const accepted = request.headers["accept-encoding"];
    const { page, isOwn } = await cache.get(keyOf(request), () => {
      const rendered = capture(response);
      // Of the cookies a page without an account depends on the theme alone. It is compressed when it is sent.
      delete request.headers["accept-encoding"];
      request.headers.cookie = `${themeCookie}=${themeOf(request)}`;
      // Next ends when the answer has been sent, which comes after the capture.
      const ended = render(visitor, request, response, next).then(() => rendered);
      return Promise.race([rendered, ended]);
    });
    if (!isOwn && page !== null) onAnswer("cached");
    if (page !== null) return sendPage(page, response, accepted);
    // The shared render yielded no page: this request renders its own, unless it has responded already.
    if (!isOwn) return render(visitor, request, response, next);
  }

  /** Waits for the body, then for a turn. */
  async function enter(visitor: string, request: IncomingMessage, response: ServerResponse) {
    if (isBodyMissing(request)) {
      const place = await arrivals.enter(visitor);
      if (typeof place === "string") return place;
      await bodyArrival(request, response);
      place();
    }
    return queue.enter(visitor);
  }

  /** Lets Next respond when it is this visitor's turn. */
  async function render(
    visitor: string,
    request: IncomingMessage,
    response: ServerResponse,
    next: Listener,
  ): Promise<void> {
    const turn = await enter(visitor, request, response);
    if (typeof turn === "string") {
      const status = statusOf[turn];
      onAnswer(status === 429 ? "too_many_requests" : "busy");
      return refuse(response, status, 2);
    }
    if (response.destroyed || response.closed) return turn();
    onAnswer("passed");
    const startMs = performance.now();
    const timer = setInterval(() => {
      const isRead = response.writableNeedDrain || response.writableEnded;
      if (isRead || performance.now() - startMs >= longestTurnMs) turn();
    }, longestReadMs);
    response.once("close", () => {
      clearInterval(timer);
      turn();
    });
    await next(request, response);
  }
}

const statusOf: Record<QueueRefusal, 429 | 503> = {
  owner_full: 429,
  queue_full: 503,
  too_late: 503,
};

function isPage(url: string): boolean {
  return !/^\/(api|_next)\//.test(url);
}

function isForEverybody({ method, url = "", headers }: IncomingMessage, sessionCookie: string) {
  const cookie = headers.cookie ?? "";
  return (
    method === "GET" &&
    url.length <= longestUrl &&
    !url.includes("_rsc=") &&
    !cookie.includes(sessionCookie) &&
    !previewCookie.test(cookie) &&
    !Object.keys(headers).some((name) => bypassHeaders.test(name))
  );
}

/** The parts of a request that an anonymous page may depend on. */
function keyOf(request: IncomingMessage): string {
  const {
    host = "",
    "x-forwarded-host": forwardedHost = "",
    "x-forwarded-proto": proto = "",
  } = request.headers;
  return JSON.stringify([host, forwardedHost, proto, themeOf(request), request.url]);
}

function themeOf({ headers }: IncomingMessage) {
  const cookies = (headers.cookie ?? "").split(";").map((each) => each.trim());
  const prefix = `${themeCookie}=`;
  return parseTheme(cookies.find((each) => each.startsWith(prefix))?.slice(prefix.length));
}

const pageOf = (status: number) =>
  status === 429
    ? "<h1>Too many requests</h1><p>This browser or network asked for many pages at once. Wait some seconds and reload the page.</p>"
    : "<h1>The site is busy</h1><p>Wait some seconds and reload the page.</p>";

/** Responds without a query and without React. */
function refuse(response: ServerResponse, status: number, retryAfterS: number | null): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    ...(retryAfterS !== null && { "retry-after": String(retryAfterS) }),
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Inkwell</title>${pageOf(status)}</html>`,
  );
}
