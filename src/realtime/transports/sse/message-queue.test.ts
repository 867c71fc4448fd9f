import { describe, expect, test } from "vitest";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createSseHub } from "./hub.ts";
import type { Sink } from "./streams.ts";
import { toResponse } from "./to-response.ts";

const viewer = { id: "reader" };
const wireName = "private-import.1.e0";

async function setUp() {
  const clock = createFakeClock();
  const hub = createSseHub({
    secret: "a secret of at least 32 characters",
    clock,
    now: clock.now,
  });
  const openTo = async (sink: Sink) => {
    const socketId = `${clock.now()}.5`;
    const auth = await hub.signJoin(socketId, wireName, viewer);
    return hub.open({
      viewer,
      request: { v: 1, socketId, channels: [{ wireName, auth }] },
      isValid: async () => true,
      sink,
    });
  };
  const open = async () => {
    const written: string[] = [];
    const reader = { queuedBytes: 0, read: () => {}, written, isDropped: false };
    await openTo({
      write: (chunk) => written.push(Buffer.from(chunk).toString()),
      queuedBytes: () => reader.queuedBytes,
      whenRead: (run) => {
        reader.read = run;
      },
      end: () => {},
      drop: () => {
        reader.isDropped = true;
      },
    });
    written.length = 0;
    const messages = () =>
      written.map((frame) => JSON.parse(frame.split("data: ")[1] ?? "null")[1]);
    return { reader, messages };
  };
  const send = async (
    data: string,
    options: { onFull?: "drop-newest" | "drop-oldest" } = {},
    leftMs = 60_000,
  ) =>
    hub.sendMessage?.({
      channel: "import.1",
      accessEpoch: 0,
      data,
      leftMs,
      options: { bufferSize: 3, onFull: "drop-oldest", ...options },
    });
  return { clock, hub, open, openTo, send };
}

describe("S4.4 a stalled subscriber with a queue of 3 holds after 5 messages", () => {
  test.each([
    ["drop-oldest", ["3", "4", "5"]],
    ["drop-newest", ["1", "2", "3"]],
  ] as const)("%s: %s", async (onFull, kept) => {
    const { open, send } = await setUp();
    const [stalled, well] = [await open(), await open()];
    stalled.reader.queuedBytes = 60_000;
    for (const data of ["1", "2", "3", "4", "5"]) await send(data, { onFull });
    expect(stalled.messages()).toEqual([]);
    expect(well.messages()).toEqual(["1", "2", "3", "4", "5"]);
    stalled.reader.queuedBytes = 0;
    stalled.reader.read();
    expect(stalled.messages()).toEqual(kept);
  });
});

test("S4.4 messages never have a slow stream dropped, and its memory stays bounded", async () => {
  const { open, send } = await setUp();
  const { reader, messages } = await open();
  reader.queuedBytes = 1_000_000;
  for (let index = 0; index < 10_000; index += 1) await send(`${index}`);
  expect(reader.isDropped).toBe(false);
  reader.queuedBytes = 0;
  await send("last");
  expect(messages()).toEqual(["9998", "9999", "last"]);
});

test("S4.5 a message that expires in a queue is not delivered late", async () => {
  const { clock, open, send } = await setUp();
  const { reader, messages } = await open();
  reader.queuedBytes = 60_000;
  await send("old", {}, 1_000);
  await clock.advance(999);
  await send("young", {}, 1_000);
  await clock.advance(1);
  reader.queuedBytes = 0;
  reader.read();
  expect(messages()).toEqual(["young"]);
});

test("E17 a message that waits when its stream ends is not written after the end", async () => {
  const { hub, open, send } = await setUp();
  const { reader } = await open();
  reader.queuedBytes = 60_000;
  await send("late");
  hub.close();
  reader.queuedBytes = 0;
  reader.read();
  expect(reader.written).toEqual(["event: end\ndata: null\n\n"]);
});

test("S4.4 messages that wait are sent when the client reads its response", async () => {
  const { openTo, send } = await setUp();
  const { body } = toResponse((sink) => {
    void openTo(sink);
    return () => {};
  }, new AbortController().signal);
  const last = 30;
  for (let n = 0; n <= last; n += 1) await send(`${n} ${"x".repeat(900)}`);
  let text = "";
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes(`"${last} `)) break;
  }
  const numbers = [...text.matchAll(/"(\d+) x/g)].map(([, number]) => Number(number));
  // A queue holds 3. Those before it were sent while less than 8 KB were unread.
  expect(numbers.slice(-3)).toEqual([28, 29, 30]);
  expect(numbers.length).toBeLessThan(15);
});
