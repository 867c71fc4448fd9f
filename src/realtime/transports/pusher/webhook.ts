import { fromWireName } from "../../protocol/wire-name.ts";
import type { Broker } from "../../server/ports.ts";
import { readBody } from "../../server/read-body.ts";
import { RequestError } from "../../server/request-error.ts";

/** What a broker says happened under one of a channel's names on the wire. */
export interface WebhookEvent {
  /** As the broker calls it, e.g. `channel_occupied`, `channel_vacated`. */
  readonly name: string;
  /** The channel as the contract names it. */
  readonly channel: string;
}

export interface WebhookHandlerOptions {
  readonly broker: Pick<Broker, "apps">;
  /** Told of what a broker has signed. What it throws is a 500, and the broker may say it again. */
  readonly onEvents: (events: readonly WebhookEvent[]) => void | Promise<void>;
}

/** Soketi sends one event, or a second of them; hosted Pusher a few. */
const bytesAtMost = 64 * 1024;

/**
 * Answers the webhooks of a Pusher-protocol broker. The secret that signs them is the app's own, so it is
 * exchanged with it: what any app has signed whose sockets are served is taken, and nothing of a retired one.
 * https://pusher.com/docs/channels/server_api/webhooks/#security
 *
 * Answers 204; 401 for what nobody has signed whose key is in use, 413 beyond 64 kB, 400 for what is no webhook.
 */
export function createWebhookHandler({
  broker,
  onEvents,
}: WebhookHandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    let body: string;
    try {
      body = await readBody(request, bytesAtMost);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return answer(error.code === "too_large" ? 413 : 400);
    }
    const key = request.headers.get("x-pusher-key") ?? "";
    const signer = (await broker.apps?.())?.signers.get(key);
    const signature = request.headers.get("x-pusher-signature") ?? "";
    if (signer?.hasSigned?.(body, signature) !== true) return answer(401);
    const events = parse(body);
    if (events === undefined) return answer(400);
    await onEvents(events);
    return answer(204);
  };
}

const answer = (status: number) =>
  new Response(null, { status, headers: { "cache-control": "no-store" } });

function parse(body: string): readonly WebhookEvent[] | undefined {
  try {
    const { events } = JSON.parse(body) as { readonly events?: unknown };
    if (!Array.isArray(events)) return undefined;
    return events.flatMap(toEvent);
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
