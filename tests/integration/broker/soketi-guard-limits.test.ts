import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type RunningSoketi, startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import { openPusherClient, openPusherServer } from "../../support/broker/pusher-client.ts";
import { openRawSocket } from "../../support/broker/raw-socket.ts";

const channel = "private-room.limits.e0";
const frameLimit = { perSecond: 1, burst: 20 };
let soketi: RunningSoketi;
beforeAll(async () => {
  soketi = await startSoketi({ frameLimit });
});
afterAll(() => soketi.stop());

test("G5 only a socket that sends more frames than its limit is closed, with 4100", async () => {
  const client = await openPusherClient(soketi);
  const received = client
    .join(channel)
    .then((joined) => new Promise((resolve) => joined.bind("changed", resolve)));
  const flood = await openRawSocket(soketi);
  for (let sent = 0; sent < 1_000; sent += 1) flood.send({ event: "pusher:ping" });
  expect(await flood.closed).toBe(4100);
  const events = flood.frames.map(({ event }) => event);
  const pongs = events.filter((event) => event === "pusher:pong").length;
  expect(pongs).toBeGreaterThanOrEqual(frameLimit.burst);
  expect(pongs).toBeLessThan(2 * frameLimit.burst);
  expect(events.filter((event) => event === "pusher:error")).toHaveLength(1);
  expect(flood.frames.at(-1)).toEqual({
    event: "pusher:error",
    data: { code: 4100, message: "Too many frames: 1 frames per second, 20 at once are allowed." },
  });
  await expect
    .poll(() => client.pusher.channel(channel)?.subscribed, { timeout: 15_000 })
    .toBe(true);
  await openPusherServer(soketi).trigger(channel, "changed", 1);
  expect(await received).toBe(1);
  client.close();
});

test("G5 pusher-js reconnects after it was closed for too many frames", async () => {
  const client = await openPusherClient(soketi);
  const first = client.pusher.connection.socket_id;
  for (let sent = 0; sent < 2 * frameLimit.burst; sent += 1) {
    client.pusher.send_event("pusher:ping", {});
  }
  const again = () => {
    const { state, socket_id: socketId } = client.pusher.connection;
    return state === "connected" && socketId !== first;
  };
  await expect.poll(again, { timeout: 15_000 }).toBe(true);
  client.close();
});

test("G5 by default a socket may send 500 frames at once", async () => {
  const broker = await startSoketi();
  onTestFinished(broker.stop);
  const socket = await openRawSocket(broker);
  for (let sent = 0; sent < 500; sent += 1) socket.send({ event: "pusher:ping" });
  const pongs = () => socket.frames.filter(({ event }) => event === "pusher:pong").length;
  await expect.poll(pongs, { timeout: 15_000 }).toBe(500);
  await socket.close();
});

test("an invalid limit stops Soketi at its start with the variable's name", async () => {
  const lines: string[] = [];
  const start = startSoketi({
    frameLimit: { perSecond: 0, burst: 20 },
    say: (line) => lines.push(line),
  });
  await expect(start).rejects.toMatchObject({ code: "start-failed" });
  expect(lines.join("\n")).toContain('SOKETI_FRAMES_PER_SECOND is "0"');
});
