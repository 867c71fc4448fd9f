import type { CatchUpResponse, Transport } from "querycast";
import type { Ledger } from "./ledger.ts";

/** Reports every push a transport brings to the ledger, before anybody can filter it. */
export function listenIn(transport: Transport, viewerId: string, ledger: Ledger): Transport {
  return {
    ...transport,
    connect: (handlers) =>
      transport.connect({
        ...handlers,
        event: (wireName, name, data) => {
          ledger.heard(viewerId, toChannel(wireName), data);
          handlers.event(wireName, name, data);
        },
      }),
  };
}

/** The same for what the route replays. */
export function listenToRoute(ask: typeof fetch, viewerId: string, ledger: Ledger): typeof fetch {
  return async (url, init) => {
    const askedMs = performance.now();
    const response = await ask(url, init);
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined);
    if (isCatchUp(body)) {
      for (const result of body.results) {
        if (result.status !== "replay") continue;
        for (const { data } of result.signals) {
          ledger.heard(viewerId, result.channel, data, askedMs);
        }
      }
    }
    return response;
  };
}

/** `private-gist.42.e0` → `gist.42`. */
function toChannel(wireName: string): string {
  return wireName.replace(/^private-/, "").replace(/\.e\d+$/, "");
}

function isCatchUp(body: unknown): body is CatchUpResponse {
  return typeof body === "object" && body !== null && "results" in body;
}
