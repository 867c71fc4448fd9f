import type { TransportHandlers } from "../../../src/realtime/client/transport.ts";

/** A fake WebSocket whose frames are sent by the test. Calls both `onmessage` and event listeners. */
export class FakeSocket extends EventTarget {
  readonly OPEN = 1;
  readyState = 0;
  readonly sent: { readonly event: string; readonly data: unknown }[] = [];
  readonly url: string;
  onopen?: (event: Event) => void;
  onmessage?: (event: Event) => void;
  onclose?: (event: Event) => void;
  onerror?: (event: Event) => void;

  constructor(url: string) {
    super();
    this.url = url;
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
  }
  say(message: unknown): void {
    const data = typeof message === "string" ? message : JSON.stringify(message);
    this.#fire(new MessageEvent("message", { data }));
  }
  open(): void {
    this.readyState = 1;
    this.#fire(new Event("open"));
  }
  welcome(socketId = "1.2", activityTimeoutS = 120): void {
    this.open();
    const data = JSON.stringify({ socket_id: socketId, activity_timeout: activityTimeoutS });
    this.say({ event: "pusher:connection_established", data });
  }
  end(code: number, reason = ""): void {
    if (code === 1006) this.#fire(new Event("error"));
    this.readyState = 3;
    this.#fire(Object.assign(new Event("close"), { code, reason, wasClean: code !== 1006 }));
  }
  #fire(event: Event): void {
    this[`on${event.type}` as "onopen"]?.(event);
    this.dispatchEvent(event);
  }
}

/** Creates handlers that record their calls in order. */
export function noteCalls(): { readonly calls: unknown[][]; readonly handlers: TransportHandlers } {
  const calls: unknown[][] = [];
  const note =
    (what: string) =>
    (...details: unknown[]) =>
      void calls.push([what, ...details]);
  return {
    calls,
    handlers: {
      connected: note("connected"),
      disconnected: ({ reason, message }) => calls.push([reason, message]),
      subscribed: note("subscribed"),
      subscriptionFailed: note("failed"),
      event: note("event"),
    },
  };
}
