import { QueryClient, QueryObserver } from "@tanstack/react-query";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRealtimeClient } from "../../client/client.ts";
import type { Transport } from "../../client/transport.ts";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { signal } from "../../protocol/signal.ts";
import { authorize } from "../../server/route/rules.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../../testing/fakes/fake-environment.ts";
import { createMemoryServer } from "../../testing/memory/memory-server.ts";
import { live } from "../binding/live.ts";
import { createQueryBridge } from "../bridge.ts";

const channels = defineChannels({ room: channel("room.{roomId}").signal("message.posted") });
const room = channels.room({ roomId: "r1" });

/** Duration of each step until a page is live, in ms. */
interface Delays {
  readonly connect: number;
  readonly join: number;
  readonly acknowledge: number;
  readonly catchUp: number;
  readonly read: number;
  readonly frame: number;
}

/** Longer than any order of the steps, including retries after a late acknowledgement. */
const settledMs = 60_000;
const stepMs = 20;

/** Opens a page with these delays and writes at these times. Returns what the page shows in the end. */
async function run(delays: Delays, writesAtMs: readonly number[]) {
  const clock = createFakeClock();
  const server = createMemoryServer({
    authority: authorize(channels, { room: () => true }),
    clock,
  });
  const environment = createFakeEnvironment();
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  const fetch = server.fetch({ id: "reader" });
  let written = 0;
  const client = createRealtimeClient({
    channels,
    clock,
    environment,
    random: () => 0.5,
    transport: delayed(server.transport, delays, clock.after),
    fetch: async (url, init) => {
      const { type } = JSON.parse(String(init?.body)) as { type: string };
      if (type === "join") await wait(delays.join);
      if (type === "catch-up") await wait(delays.catchUp);
      return fetch(url, init);
    },
  });
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  const bridge = createQueryBridge({ client, queryClient, clock, random: () => 0.5, environment });
  const detach = bridge.attach();
  const query = live(
    {
      queryKey: ["list"],
      queryFn: async () => {
        const found = written; // read when the query starts, not when it returns
        await wait(delays.read);
        return found;
      },
    },
    [room],
  );
  const observer = new QueryObserver(queryClient, query);
  const unmount = observer.subscribe(() => {});
  const left = [...writesAtMs].sort((one, other) => one - other);
  const endMs = clock.now() + settledMs;
  const startMs = clock.now();
  while (clock.now() < endMs) {
    while (left[0] !== undefined && clock.now() - startMs >= left[0]) {
      left.shift();
      written += 1;
      await server.publish(signal(room, "message.posted"));
    }
    // The route's encryption takes real time, in which the fake clock must not advance.
    const isEarly = clock.now() - startMs < 10_000;
    const aheadMs = isEarly ? stepMs : 20 * stepMs;
    await clock.advance(server.underWay() > 0 ? 0 : aheadMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { data } = observer.getCurrentResult();
  const { status } = client.getState();
  unmount();
  detach();
  client.close();
  queryClient.clear();
  const stopped = server.close();
  await clock.advance(10_000);
  await stopped;
  return { shown: data, written, status };
}

function delayed(
  transport: Transport,
  { connect, acknowledge, frame }: Delays,
  after: (ms: number, run: () => void) => () => void,
): Transport {
  return {
    ...transport,
    connect: (handlers, ...rest) =>
      transport.connect(
        {
          ...handlers,
          connected: (socketId) => void after(connect, () => handlers.connected(socketId)),
          subscribed: (wireName) => void after(acknowledge, () => handlers.subscribed(wireName)),
          event: (...told) => void after(frame, () => handlers.event(...told)),
        },
        ...rest,
      ),
  };
}

const step = fc.constantFrom(0, 40, 300, 900, 2_500);
const delays: fc.Arbitrary<Delays> = fc.record({
  connect: step,
  join: step,
  acknowledge: step,
  catchUp: step,
  read: step,
  frame: step,
});

test("K1 K2 in any order of join, acknowledgement, catch-up and fetch no write is missed", async () => {
  const moments = fc.array(fc.integer({ min: 0, max: 8_000 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(delays, moments, async (each, writesAtMs) => {
      const { shown, written, status } = await run(each, writesAtMs);
      expect({ shown, status }).toEqual({ shown: written, status: "live" });
    }),
    { numRuns: 400 },
  );
}, 120_000);
