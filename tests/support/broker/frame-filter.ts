import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

/** A frame of the Pusher protocol from the broker to a client. */
export interface PusherFrame {
  readonly event: string;
  readonly channel?: string;
  readonly data?: unknown;
}

/** A WebSocket proxy on 127.0.0.1 that reads the broker's frames and drops some. */
export interface FrameFilter {
  readonly host: string;
  readonly port: number;
  /** Frames that reached clients. */
  readonly passed: readonly PusherFrame[];
  /** Drops the frames that match, until the next call. */
  lose(isLost: (frame: PusherFrame) => boolean): void;
  /**
   * Stops reading from the broker, as a slow consumer does. Answers the page's pings, so that the page keeps
   * its socket during the pause.
   */
  pause(): void;
  resume(): void;
  /** Number of sockets that pages have opened so far. */
  accepted(): number;
  close(): Promise<void>;
}

export async function createFrameFilter(target: {
  readonly host: string;
  readonly port: number;
}): Promise<FrameFilter> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const passed: PusherFrame[] = [];
  const upstreams = new Set<WebSocket>();
  let isLost = (_frame: PusherFrame) => false;
  let isPaused = false;
  let accepted = 0;

  server.on("connection", (client, { url }) => {
    accepted += 1;
    const upstream = new WebSocket(`ws://${target.host}:${target.port}${url}`);
    const waiting: string[] = [];
    upstreams.add(upstream);
    upstream.on("open", () => {
      for (const text of waiting.splice(0)) upstream.send(text);
    });
    upstream.on("message", (bytes) => {
      const text = String(bytes);
      const frame = JSON.parse(text) as PusherFrame;
      if (isLost(frame)) return;
      passed.push(frame);
      client.send(text);
    });
    client.on("message", (bytes) => {
      const isPing = (JSON.parse(String(bytes)) as PusherFrame).event === "pusher:ping";
      if (isPaused && isPing) client.send(JSON.stringify({ event: "pusher:pong", data: {} }));
      if (upstream.readyState === WebSocket.OPEN) upstream.send(String(bytes));
      else waiting.push(String(bytes));
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on("error", () => {});
      one.on("close", () => {
        upstreams.delete(upstream);
        other.terminate();
      });
    }
  });

  return {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    passed,
    lose: (next) => {
      isLost = next;
    },
    accepted: () => accepted,
    pause: () => {
      isPaused = true;
      for (const upstream of upstreams) upstream.pause();
    },
    resume: () => {
      isPaused = false;
      for (const upstream of upstreams) upstream.resume();
    },
    close: async () => {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
