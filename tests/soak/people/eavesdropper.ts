import type { JoinResponse, Transport, TransportConnection } from "querycast";

/**
 * A hostile client: it joins every channel it is allowed to once, never signs in, never catches up, ignores
 * requests to leave, and reuses every signature it has received.
 */
export interface Eavesdropper {
  /** Requests signatures for all channels again. */
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
      // The client would leave the previous wire name of the channel here. The eavesdropper keeps both.
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
