import fc from "fast-check";
import { expect, test } from "vitest";
import { channel, defineChannels } from "../protocol/channel.ts";
import { ids } from "../protocol/ids.ts";
import type { Signal } from "../protocol/signal.ts";
import { createFakeBroker } from "../testing/fake-broker.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createFakeEnvironment } from "../testing/fake-environment.ts";
import { createFakeRoute } from "../testing/fake-route.ts";
import { createRealtimeClient } from "./client.ts";

const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")),
});
const rooms = [channels.room({ roomId: "r1" }), channels.room({ roomId: "r2" })] as const;

/** One delivery: which of the signals, by which way, and how long after the one before. */
const delivery = fc.record({
  room: fc.nat({ max: rooms.length - 1 }),
  signal: fc.nat({ max: 5 }),
  by: fc.constantFrom("push" as const, "catch-up" as const),
  pauseMs: fc.integer({ min: 0, max: 3_000 }),
});

test("however often and in whatever order signals arrive, pushed or replayed, each is told exactly once on its channel", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(delivery, { minLength: 1, maxLength: 30, size: "max" }),
      async (deliveries) => {
        const broker = createFakeBroker();
        const route = createFakeRoute();
        const clock = createFakeClock();
        const environment = createFakeEnvironment();
        const client = createRealtimeClient({
          channels,
          transport: broker.transport,
          fetch: route.fetch,
          clock,
          environment,
          random: () => 0.5,
        });
        const told = rooms.map((room) => {
          const heard: string[] = [];
          client.subscribe(room, {
            signal: ({ ids: which }) =>
              heard.push(...(which ?? []).map((e) => String(e.messageId))),
            gap: () => {},
          });
          return heard;
        });
        await clock.advance(5_000);
        expect(client.getState().status).toBe("live");

        const sent = rooms.map(() => new Set<string>());
        for (const { room: index, signal, by, pauseMs } of deliveries) {
          const room = rooms[index] ?? rooms[0];
          // The same id on two channels is two signals: only together with its channel is it one.
          const made: Signal = {
            id: `s${signal}`,
            name: "message.posted",
            ids: [{ messageId: String(signal) }],
            origin: undefined,
          };
          // What is committed is in the log first, and once; then it is delivered however often.
          if (sent[index]?.has(String(signal)) === false) route.append(room.name, made);
          sent[index]?.add(String(signal));
          if (by === "push") broker.publish(route.wireName(room.name), made);
          else {
            environment.set({ online: false });
            environment.set({ online: true });
          }
          await clock.advance(pauseMs);
        }
        await clock.advance(60_000);
        for (const [index, heard] of told.entries()) {
          expect([...heard].sort()).toEqual([...(sent[index] ?? [])].sort());
        }
        client.close();
      },
    ),
    { numRuns: 100 },
  );
});
