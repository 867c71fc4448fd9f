import { fromWireName } from "../../protocol/wire-name.ts";
import type { Broker } from "../../server/ports.ts";
import { readBody } from "../../server/route/read-body.ts";
import { isRequestError } from "../../server/route/request-error.ts";

/** An event of a webhook, for one wire name of a channel. */
export interface WebhookEvent {
  /** Pusher's name, e.g. `channel_occupied`, `channel_vacated`. */
  readonly name: string;
  /** Channel name in the contract. */
  readonly channel: string;
}

/** Options of {@link createWebhookHandler}. */
export interface WebhookHandlerOptions {
  readonly broker: Pick<Broker, "apps">;
  /** Called with the events of a valid webhook. When it rejects, the handler rejects and the broker may retry. */
  readonly onEvents: (events: readonly WebhookEvent[]) => void | Promise<void>;
  /** Milliseconds since 1970, compared with the webhook's `time_ms`. Default `Date.now`. */
  readonly now?: () => number;
}

/** Maximum length of a webhook. Soketi sends one event or those of a second, hosted Pusher a few. */
const bytesAtMost = 64 * 1024;

/**
 * The signature covers the time, which prevents replay of a webhook after this age. Brokers retry for five minutes:
 * https://pusher.com/docs/channels/server_api/webhooks/
 */
const longestAgeMs = 5 * 60_000;

/**
 * Creates a handler for the webhooks of a broker with the Pusher protocol. They are signed with the app's secret:
 * webhooks of all served apps are accepted, those of retired apps are not. The `pusher` package verifies signatures.
 *
 * Returns 204; 401 for an invalid signature, an app that is not served, and a `time_ms` that differs by more than five
 * minutes; 413 above 64 kB; 400 for an invalid body.
 */
export function createWebhookHandler({
  broker,
  onEvents,
  now = Date.now,
}: WebhookHandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    let body: string;
    try {
      body = await readBody(request.body, bytesAtMost);
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

/** Returns no event for a channel that does not belong to this library. */
function toEvent(value: unknown): readonly WebhookEvent[] {
  if (typeof value !== "object" || value === null) return [];
  const { name, channel } = value as { readonly name?: unknown; readonly channel?: unknown };
  const known = typeof channel === "string" ? fromWireName(channel) : undefined;
  return typeof name !== "string" || known === undefined ? [] : [{ name, channel: known.channel }];
}
