import { fromWireName } from "../../protocol/wire-name.ts";
import type { Broker } from "../../server/ports.ts";
import { readBody } from "../../server/read-body.ts";
import { isRequestError } from "../../server/request-error.ts";

/** An event that a broker reports of one wire name of a channel. */
export interface WebhookEvent {
  /** As the broker calls it, e.g. `channel_occupied`, `channel_vacated`. */
  readonly name: string;
  /** The channel as the contract names it. */
  readonly channel: string;
}

export interface WebhookHandlerOptions {
  readonly broker: Pick<Broker, "apps">;
  /** Called with what a broker has signed. When it throws, the answer is 500 and the broker may retry. */
  readonly onEvents: (events: readonly WebhookEvent[]) => void | Promise<void>;
  /** Milliseconds since 1970, compared with the webhook's `time_ms`. Default `Date.now`. */
  readonly now?: () => number;
}

/** Soketi sends one event, or a second of them; hosted Pusher a few. */
const bytesAtMost = 64 * 1024;

/**
 * The signature covers the time, so a copy of a webhook is worth nothing later. Brokers retry for five
 * minutes: https://pusher.com/docs/channels/server_api/webhooks/
 */
const longestAgeMs = 5 * 60_000;

/**
 * Answers the webhooks of a Pusher-protocol broker. The app's own secret signs them, so the secret changes
 * with the app: a webhook of every app whose sockets are served is accepted, and none of a retired one. The
 * `pusher` package verifies the signature.
 *
 * Answers 204; 401 for a signature that is wrong or by no app in use, and for a `time_ms` more than five
 * minutes off; 413 beyond 64 kB; 400 for a body that is no webhook.
 */
export function createWebhookHandler({
  broker,
  onEvents,
  now = Date.now,
}: WebhookHandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    let body: string;
    try {
      body = await readBody(request, bytesAtMost);
    } catch (error) {
      if (!isRequestError(error)) throw error;
      return answer(error.code === "too_large" ? 413 : 400);
    }
    const webhook = parse(body);
    if (webhook === undefined) return answer(400);
    const key = request.headers.get("x-pusher-key") ?? "";
    const signer = (await broker.apps?.())?.signers.get(key);
    const signature = request.headers.get("x-pusher-signature") ?? "";
    if (signer?.hasSigned?.(body, signature) !== true) return answer(401);
    if (Math.abs(now() - webhook.timeMs) > longestAgeMs) return answer(401);
    await onEvents(webhook.events);
    return answer(204);
  };
}

const answer = (status: number) =>
  new Response(null, { status, headers: { "cache-control": "no-store" } });

interface Webhook {
  readonly timeMs: number;
  readonly events: readonly WebhookEvent[];
}

function parse(body: string): Webhook | undefined {
  try {
    const { time_ms: timeMs, events } = JSON.parse(body) as {
      readonly time_ms?: unknown;
      readonly events?: unknown;
    };
    if (typeof timeMs !== "number" || !Array.isArray(events)) return undefined;
    return { timeMs, events: events.flatMap(toEvent) };
  } catch {
    return undefined;
  }
}

/** Nothing for a channel that is not of this library. */
function toEvent(value: unknown): readonly WebhookEvent[] {
  if (typeof value !== "object" || value === null) return [];
  const { name, channel } = value as { readonly name?: unknown; readonly channel?: unknown };
  const known = typeof channel === "string" ? fromWireName(channel) : undefined;
  return typeof name !== "string" || known === undefined ? [] : [{ name, channel: known.channel }];
}
