import { createRoomRules } from "../conformance/room-rules.ts";
import type { ConformanceStack } from "../conformance/stack.ts";
import { createFakeClock } from "../fakes/fake-clock.ts";
import { createMemoryServer } from "./memory-server.ts";

/** Time between two checks of a condition, on the fake clock. */
const stepMs = 5;

/**
 * A stack for the conformance suite with client and server in this process, on a fake clock, without sockets
 * and database. Use it to compare your own stack with, or to test changes of a scenario.
 */
export async function createMemoryStack(): Promise<ConformanceStack> {
  const clock = createFakeClock();
  const rules = createRoomRules();
  const server = createMemoryServer({ authority: rules.authority, clock });
  const { fake } = server;
  const until: ConformanceStack["until"] = async (what, condition, withinMs = 10_000) => {
    const endMs = clock.now() + withinMs;
    while (!condition()) {
      if (clock.now() >= endMs) throw new Error(`Not within ${withinMs} ms: ${what}.`);
      // The route's encryption takes real time, in which the fake clock must not advance.
      await clock.advance(server.underWay() > 0 ? 0 : stepMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  return {
    ...rules.stack,
    transport: () => server.transport,
    fetch: server.fetch,
    broker: fake.broker,
    clock,
    line: {
      cut: () => fake.cut(),
      refuse: async () => fake.stop(),
      freeze: fake.freeze,
      silence: fake.halfOpen,
      lose: async (send) => {
        fake.events.drop();
        await send();
        await until("an event is lost", () => fake.events.pending() === 0);
      },
      heal: async () => {
        fake.start();
        fake.thaw();
      },
      sockets: () => fake.sockets.size,
      silenceMs: 16_000,
    },
    commit: server.publish,
    write: (room, revision, signals) => {
      rules.setRevision(room, revision);
      return server.publish(signals);
    },
    forge: async (wireName, name, data) => fake.send(wireName, name, data),
    restoreLog: async () => server.log.restore(),
    until,
    close: async () => {
      const stopped = server.close();
      await clock.advance(10_000);
      await stopped;
    },
  };
}
