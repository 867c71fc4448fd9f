import { createRealtimeClient } from "querycast";
import { conformanceChannels } from "querycast/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toWireName } from "@/realtime/protocol/wire-name.ts";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { sharedSoketi } from "../../support/broker/soketi.ts";
import { createSoketiStack } from "../../support/stacks/soketi-stack.ts";

let stack: Awaited<ReturnType<typeof createSoketiStack>>;
const closers: (() => unknown)[] = [];
beforeEach(async () => {
  stack = await createSoketiStack();
  closers.push(stack.close);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

test("K10 a page receives the number of viewers as counted by Soketi, without those who left", async () => {
  const room = await stack.newRoom();
  const wireName = toWireName(room.name, 0);
  // One server for all clients: a count by one is cached for the next.
  const route = stack.fetch({ id: "reader" });
  const open = async () => {
    const client = createRealtimeClient({
      channels: conformanceChannels,
      transport: stack.transport(),
      fetch: route,
    });
    closers.push(client.close);
    client.subscribe(room);
    await vi.waitFor(() => expect(client.getState().status).toBe("live"), 10_000);
    return client;
  };
  const counted = async () => (await stack.broker.countSubscriptions?.())?.get(wireName);
  const [first] = [await open(), await open(), await open()];
  await vi.waitFor(async () => expect(await counted()).toBe(3));
  let clients = 3;
  await vi.waitFor(
    async () => {
      clients += 1;
      expect((await open()).spreadMs(room.name)).toBeGreaterThanOrEqual(15);
    },
    { timeout: 15_000, interval: 1_500 },
  );
  first?.close();
  await vi.waitFor(async () => expect(await counted()).toBe(clients - 1));
  await stack.line.refuse();
  await vi.waitFor(async () => expect(await counted()).toBeUndefined());
});

test("a broker that refuses the count causes an error for the caller only", async () => {
  const liar = createPusherBroker({ ...sharedSoketi(), secret: "another", tls: false });
  closers.push(liar.close);
  await expect(liar.countSubscriptions?.()).rejects.toMatchObject({ code: "unauthorised" });
});
