import type { JoinResponse, Transport, TransportConnection } from "querycast";

/**
 * A client that obeys nobody: it joins what it may once, never signs in, never catches up, ignores
 * whatever tells it to leave, and uses every signature it was ever given again.
 */
export interface Eavesdropper {
  /** Asks once more for every channel it has no signature for on this socket. */
  readonly ask: () => Promise<void>;
  readonly close: () => void;
}

export interface EavesdropperOptions {
  readonly transport: Transport;
  readonly fetch: typeof fetch;
  readonly channels: readonly string[];
}

export function createEavesdropper({
  transport,
  fetch,
  channels,
}: EavesdropperOptions): Eavesdropper {
  let connection: TransportConnection | undefined;
  let socketId: string | undefined;
  let isClosed = false;
  let retry: NodeJS.Timeout | undefined;

  const ask = async () => {
    if (socketId === undefined) return;
    const body = JSON.stringify({ v: 1, type: "join", socketId, channels });
    const headers = { "content-type": "application/json" };
    const response = await fetch("/api/realtime", { method: "POST", headers, body }).catch(
      () => undefined,
    );
    const answer = (await response?.json().catch(() => undefined)) as JoinResponse | undefined;
    for (const result of answer?.results ?? []) {
      // Joining a second wire name leaves the first: it wants both.
      if (result.status === "joined") connection?.subscribe(result.wireName, result.auth);
    }
  };
  const connect = () => {
    connection = transport.connect({
      connected: (id) => {
        socketId = id;
        void ask();
      },
      disconnected: () => {
        socketId = undefined;
        if (!isClosed) retry = setTimeout(connect, 500);
      },
      subscribed: () => {},
      subscriptionFailed: () => {},
      event: () => {},
    });
  };
  connect();
  return {
    ask,
    close: () => {
      isClosed = true;
      clearTimeout(retry);
      connection?.close();
    },
  };
}
