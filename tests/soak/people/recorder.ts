import type { CatchUpResponse, Transport } from "querycast";
import type { Ledger } from "../checks/ledger.ts";

/** Records every push of a transport in the ledger, before a client can filter it. */
export function recordPushes(transport: Transport, viewerId: string, ledger: Ledger): Transport {
  return {
    ...transport,
    connect: (handlers) =>
      transport.connect({
        ...handlers,
        event: (wireName, name, data, rows) => {
          const { channel, epoch } = parseWireName(wireName);
          ledger.received(viewerId, channel, data, { epoch, rows });
          handlers.event(wireName, name, data, rows);
        },
      }),
  };
}

/** Records every signal that the route replays. */
export function recordReplays(ask: typeof fetch, viewerId: string, ledger: Ledger): typeof fetch {
  return async (url, init) => {
    const requestedMs = performance.now();
    const response = await ask(url, init);
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined);
    if (isCatchUp(body)) {
      for (const result of body.results) {
        if (result.status !== "replay") continue;
        for (const { data } of result.signals) {
          ledger.received(viewerId, result.channel, data, { requestedMs });
        }
      }
    }
    return response;
  };
}

/** `private-gist.42.e0` → `gist.42` and 0. */
function parseWireName(wireName: string) {
  const [, channel = wireName, epoch] = /^private-(.*)\.e(\d+)$/.exec(wireName) ?? [];
  return { channel, epoch: epoch === undefined ? undefined : Number(epoch) };
}

function isCatchUp(body: unknown): body is CatchUpResponse {
  return typeof body === "object" && body !== null && "results" in body;
}
