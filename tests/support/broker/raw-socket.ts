import { WebSocket } from "ws";
import type { SoketiConnection } from "./soketi.ts";

export interface RawFrame {
  readonly event: string;
  readonly channel?: string;
  readonly data?: unknown;
}

/** A client of the broker that sends arbitrary frames and records the received ones. */
export interface RawSocket {
  /** Assigned by the broker. */
  readonly socketId: string;
  readonly frames: readonly RawFrame[];
  /** Sends text and bytes unchanged, objects as JSON. */
  send(frame: unknown): void;
  /** Resolves with the first frame with this event, past or future. Rejects when the socket closes. */
  received(event: string): Promise<RawFrame>;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  close(code?: number): Promise<number>;
}

export interface RawSocketOptions {
  readonly origin?: string;
  /** Default: the key of the app. */
  readonly key?: string;
}

/** Resolves when the broker has established the connection. Rejects when it refuses. */
export async function openRawSocket(
  soketi: SoketiConnection,
  { origin, key = soketi.key }: RawSocketOptions = {},
): Promise<RawSocket> {
  const address = `ws://${soketi.host}:${soketi.port}/app/${key}?protocol=7`;
  const socket = new WebSocket(address, origin === undefined ? {} : { origin });
  const frames: RawFrame[] = [];
  const listeners = new Set<() => void>();
  let failure: Error | undefined;
  socket.on("error", (error) => {
    failure = error;
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  socket.on("message", (text) => {
    frames.push(JSON.parse(String(text)) as RawFrame);
    for (const listener of listeners) listener();
  });
  const received = (event: string) =>
    new Promise<RawFrame>((resolve, reject) => {
      const look = () => {
        const found = frames.find((frame) => frame.event === event);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
      void closed.then((code) => {
        const said = frames.map((frame) => JSON.stringify(frame)).join(" ");
        reject(failure ?? new Error(`Closed with ${code} before ${event}. Received: ${said}`));
      });
    });
  const established = await received("pusher:connection_established");
  const { socket_id: socketId } = JSON.parse(String(established.data)) as { socket_id: string };
  return {
    socketId,
    frames,
    send: (frame) => {
      const isRaw = typeof frame === "string" || frame instanceof Uint8Array;
      socket.send(isRaw ? frame : JSON.stringify(frame));
    },
    received,
    closed,
    close: (code = 1000) => {
      socket.close(code);
      return closed;
    },
  };
}
