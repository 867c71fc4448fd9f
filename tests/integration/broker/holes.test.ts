import { createRealtimeClient, signal } from "querycast";
import { type ConformanceStack, conformanceChannels, type Room } from "querycast/testing";
import { describe, expect, type TestContext, test } from "vitest";
import {
  type BrokerClientName,
  brokerClients,
  ownClientNames,
} from "../../support/broker/broker-clients.ts";
import {
  createFrameFilter,
  type FrameFilter,
  type PusherFrame,
} from "../../support/broker/frame-filter.ts";
import { forgeEvents } from "../../support/hostile/forge-event.ts";
import { createSoketiStack } from "../../support/stacks/soketi-stack.ts";

/** Ten frames of 9 KB per batch: more than kernel and broker buffer for a socket. */
const mostBatches = 1_600;

/** A page on a real broker, behind a filter that can drop the broker's frames. */
async function setUp({ onTestFinished }: TestContext, name: BrokerClientName) {
  const stack = await createSoketiStack();
  onTestFinished(stack.close);
  const filter = await createFrameFilter(stack.soketi);
  onTestFinished(filter.close);
  const page = brokerClients[name]();
  onTestFinished(page.close);
  const client = createRealtimeClient({
    channels: conformanceChannels,
    transport: page.transport({ key: stack.soketi.key, host: filter.host, port: filter.port }),
    fetch: stack.fetch({ id: "reader" }),
  });
  onTestFinished(client.close);
  const listen = (room: Room) => {
    const received: string[] = [];
    client.subscribe(room, {
      signal: ({ ids }) => received.push(...(ids ?? []).map(({ messageId }) => String(messageId))),
      gap: () => received.push("gap"),
    });
    return received;
  };
  const isLive = () => stack.until("it is live", () => client.getState().status === "live");
  return { stack, filter, listen, isLive };
}

const posted = (room: Room, messageId: string) => signal(room, "message.posted", { messageId });
const tells = (messageId: string) => (frame: PusherFrame) =>
  JSON.stringify(frame.data)?.includes(`\\"${messageId}\\"`) ?? false;
const arrived = (filter: FrameFilter, messageId: string) => filter.passed.some(tells(messageId));

async function send(stack: ConformanceStack, room: Room, messageIds: readonly string[]) {
  for (const messageId of messageIds) await stack.commit([posted(room, messageId)]);
}

// Each test opens its own stack and mostly waits.
describe.concurrent.each(ownClientNames)("%s", (name) => {
  test("K7 a lost frame on an open socket is detected with the next frame", async (context) => {
    const { stack, filter, listen, isLive } = await setUp(context, name);
    const room = await stack.newRoom();
    const received = listen(room);
    await isLive();
    await send(stack, room, ["m1"]);
    await stack.until("the first arrives", () => received.includes("m1"));
    filter.lose(tells("m2"));
    await send(stack, room, ["m2"]);
    await stack.commit([signal(room, "topic.changed")]);
    await stack.until("the lost one is told", () => received.includes("m2"));
    expect(arrived(filter, "m2")).toBe(false);
  });

  test("K8 a lost last frame of a burst is detected by its repeat within 30 s", async (context) => {
    const { stack, filter, listen, isLive } = await setUp(context, name);
    const room = await stack.newRoom();
    const received = listen(room);
    await isLive();
    await send(stack, room, ["m1", "m2"]);
    let lost = 0;
    filter.lose((frame) => {
      const isFirst = tells("m3")(frame) && lost === 0;
      if (isFirst) lost += 1;
      return isFirst;
    });
    const startMs = performance.now();
    await send(stack, room, ["m3"]);
    await stack.until("the broker sent it", () => lost === 1);
    await stack.until("the echo tells it", () => received.includes("m3"), 30_000);
    expect(performance.now() - startMs).toBeLessThan(30_000);
    expect(received.filter((each) => each === "m3")).toHaveLength(1);
  }, 60_000);

  test("K8 a relay that takes over repeats the last frames of its predecessor", async (context) => {
    const { stack, filter, listen, isLive } = await setUp(context, name);
    const room = await stack.newRoom();
    const received = listen(room);
    await isLive();
    filter.lose(tells("m1"));
    await send(stack, room, ["m1"]);
    await stack.until("the broker has it", () => stack.relay.health().published === 1);
    await stack.relay.stop();
    stack.relay.start();
    filter.lose(() => false);
    await stack.until("the echo tells it", () => received.includes("m1"), 30_000);
  }, 60_000);

  test("K7 K8 a consumer too slow for the broker receives everything within 30 s", async (context) => {
    const { stack, filter, listen, isLive } = await setUp(context, name);
    const [noise, room] = [await stack.newRoom(), await stack.newRoom()];
    listen(noise);
    const received = listen(room);
    await isLive();
    // Soketi drops frames once a socket has 1 MiB pending, beyond the kernel's buffer.
    const event = {
      channel: `private-${noise.name}.e0`,
      name: "topic.changed",
      data: JSON.stringify({ v: 1, ids: [], padding: "x".repeat(9_000) }),
    };
    const batch = Array.from({ length: 10 }, () => event);
    const messages: string[] = [];
    for (let batches = 200; messages.every((each) => arrived(filter, each)); batches *= 2) {
      expect(batches, "The broker has dropped no frame.").toBeLessThanOrEqual(mostBatches);
      filter.pause();
      for (let sent = 0; sent < batches; sent += 10) {
        await Promise.all(Array.from({ length: 10 }, () => forgeEvents(stack.soketi, batch)));
      }
      const known = received.length;
      messages.splice(
        0,
        messages.length,
        ...Array.from({ length: 20 }, (_, index) => `m${batches}-${index}`),
      );
      const published = stack.relay.health().published + messages.length;
      await send(stack, room, messages);
      await stack.until("all is sent", () => stack.relay.health().published >= published);
      filter.resume();
      await stack.until(
        "all is told",
        () =>
          received.slice(known).includes("gap") ||
          messages.every((each) => received.includes(each)),
        32_000,
      );
    }
    // The socket stayed open when frames were lost.
    expect(filter.accepted()).toBe(1);
  }, 180_000);
});
