import type { StreamFrame } from "../../../src/realtime/protocol/stream.ts";
import type { Delivery } from "../../../src/realtime/server/ports.ts";
import type { Viewer } from "../../../src/realtime/server/viewer.ts";
import { createFakeClock } from "../../../src/realtime/testing/fakes/fake-clock.ts";
import { createSseHub, type SseHubOptions } from "../../../src/realtime/transports/sse/hub.ts";
import { createFrameReader } from "../../../src/realtime/transports/sse/read-frames.ts";

export const secret = "a secret of at least 32 characters";
export const ada = { id: "ada", sessionId: "s1" };
export const socketId = "1700000000000.5";

/** A hub on a fake clock, and streams that read what it writes. */
export function createHubRig(options: Partial<SseHubOptions> = {}) {
  const clock = createFakeClock();
  const hub = createSseHub({ secret, clock, now: clock.now, random: () => 0, ...options });
  const open = (channels: Record<string, string> = {}, rest: Partial<Options> = {}) => {
    const frames: StreamFrame[] = [];
    const writes: Uint8Array[] = [];
    const log: string[] = [];
    let queued = 0;
    const read = createFrameReader((frame) => frames.push(frame));
    const close = hub.open({
      viewer: rest.viewer ?? ada,
      isValid: rest.isValid ?? (async () => true),
      request: {
        v: 1,
        socketId,
        channels: Object.entries(channels).map(([wireName, auth]) => ({ wireName, auth })),
      },
      sink: {
        write: (chunk) => {
          writes.push(chunk);
          read(new TextDecoder().decode(chunk));
        },
        queuedBytes: () => queued,
        end: () => log.push("end"),
        drop: () => log.push("drop"),
      },
    });
    return {
      frames,
      writes,
      log,
      close,
      stall: (bytes: number) => {
        queued = bytes;
      },
      received: () => frames.filter(({ event }) => event === "signal").map(({ data }) => data),
    };
  };
  const join = (wireName: string, viewer: Viewer = ada) => hub.signJoin(socketId, wireName, viewer);
  const listen = async (wireName: string, rest: Partial<Options> = {}) =>
    open({ [wireName]: await join(wireName, rest.viewer) }, rest);
  return { clock, hub, open, join, listen };
}
interface Options {
  viewer: Viewer;
  isValid: () => Promise<boolean>;
}

export const delivery = (id: string, roomId = "1"): Delivery => ({
  channel: `room.${roomId}`,
  accessEpoch: 0,
  signal: { id, name: "message.posted", ids: [{ messageId: id }], origin: undefined },
});
/** The wire name of room 1. */
export const wire = "private-room.1.e0";
