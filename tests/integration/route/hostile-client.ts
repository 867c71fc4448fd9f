import { once } from "node:events";
import { expect, vi } from "vitest";
import { WebSocket } from "ws";

/** Options of {@link createHostileClient}. */
export interface HostileClientOptions {
  readonly host: string;
  readonly port: number;
  readonly key: string;
  readonly channels: readonly string[];
  /** Joins channels through the site's route. */
  readonly join: (
    socketId: string,
    channels: readonly string[],
  ) => Promise<{ readonly results: readonly { wireName: string; auth: string }[] }>;
}

/**
 * Subscribes to channels as a client that breaks the rules: it does not sign in to the broker, never leaves and ignores
 * every event. `insist` requests again every wire name that it got a signature for, and its successor.
 */
export async function createHostileClient(options: HostileClientOptions) {
  const { host, port, key, channels } = options;
  const socket = new WebSocket(
    `ws://${host}:${port}/app/${key}?protocol=7&client=js&version=8.6.0`,
  );
  const received: { event: string; channel?: string; data: string; atMs: number }[] = [];
  socket.on("message", (bytes) =>
    received.push({ ...JSON.parse(String(bytes)), atMs: performance.now() }),
  );
  await once(socket, "message");
  const { socket_id: socketId } = JSON.parse(received[0]?.data ?? "") as { socket_id: string };
  const { results } = await options.join(socketId, channels);
  const insist = () => {
    for (const { wireName, auth } of results) {
      const next = wireName.replace(/\d+$/, (epoch) => String(Number(epoch) + 1));
      for (const channel of [wireName, next]) {
        socket.send(JSON.stringify({ event: "pusher:subscribe", data: { channel, auth } }));
      }
    }
  };
  insist();
  await vi.waitFor(() =>
    expect(
      received.filter(({ event }) => event === "pusher_internal:subscription_succeeded"),
    ).toHaveLength(channels.length),
  );
  return {
    insist,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    signals: () => received.filter(({ event }) => !/^pusher|^querycast\./.test(event)),
    notices: () => received.filter(({ event }) => event === "querycast.moved"),
    close: () => socket.terminate(),
  };
}
