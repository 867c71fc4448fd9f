import fc from "fast-check";
import {
  type CatchUpResponse,
  channel,
  createRealtimeClient,
  defineChannels,
  ids,
  signal,
} from "querycast";
import { authorize } from "querycast/server";
import { createFakeClock, createFakeEnvironment, createMemoryServer } from "querycast/testing";
import { expect, test } from "vitest";

const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")),
});
const rooms = ["a", "b"].map((roomId) => channels.room({ roomId }));
const authority = authorize(channels, { room: () => true });

type Route = typeof fetch;

/** A world in memory: rows, a server, and pages that refetch rows after signals. */
function createWorld(seed: number, change: (route: Route) => Route) {
  const clock = createFakeClock();
  const server = createMemoryServer({ authority, clock });
  const { fake, log } = server;
  let random = seed;
  /** Rows of the database: the number of messages per room. */
  const rows = new Map(rooms.map(({ name }) => [name, 0]));
  const told: string[] = [];
  let isRouteDown = false;
  let messages = 0;

  const pages = ["p1", "p2"].map((id) => {
    const environment = createFakeEnvironment();
    const route = change(server.fetch({ id }));
    const client = createRealtimeClient({
      channels,
      transport: server.transport,
      clock,
      environment,
      random: () => {
        random = (random * 16_807) % 2_147_483_647;
        return random / 2_147_483_647;
      },
      fetch: (url, init) =>
        isRouteDown ? Promise.reject(new TypeError("fetch failed")) : route(url, init),
    });
    const cache = new Map<string, number | undefined>();
    const show = (index: number) => {
      const room = rooms[index]!;
      const read = () => cache.set(room.name, rows.get(room.name));
      client.subscribe(room, {
        signal: (received) => {
          told.push(...(received.ids ?? []).map((each) => String(each.messageId)));
          read();
        },
        gap: read,
      });
    };
    show(0);
    return { client, environment, cache, show };
  });

  /** Advances the clock; it stands still while the route computes in real time. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; ) {
      const step = server.underWay() > 0 ? 0 : Math.min(left, clock.idleMs());
      await clock.advance(step);
      await new Promise((resolve) => setImmediate(resolve));
      left -= step;
    }
  };
  const write = (room: number, outcome: "commit" | "rollback") => {
    messages += 1;
    const messageId = `${outcome}-${messages}`;
    const ref = rooms[room]!;
    return log
      .transaction(async (tx) => {
        await log.append(tx, [signal(ref, "message.posted", { messageId })]);
        if (outcome === "rollback") throw new Error("rolled back");
        rows.set(ref.name, (rows.get(ref.name) ?? 0) + 1);
      })
      .catch(() => {});
  };
  const heal = () => {
    isRouteDown = false;
    fake.start();
    fake.thaw();
    fake.events.clear();
    for (const { environment } of pages) environment.set({ online: true, visible: true });
  };
  return {
    clock,
    server,
    fake,
    log,
    rows,
    told,
    pages,
    pass,
    write,
    heal,
    routeDown: () => {
      isRouteDown = true;
    },
  };
}
type World = ReturnType<typeof createWorld>;

const page = fc.nat({ max: 1 });
const room = fc.nat({ max: 1 });
const few = fc.integer({ min: 1, max: 3 });
const does = (run: (world: World) => unknown) => run;
/** Possible events, weighted by what they reveal. */
const step: fc.Arbitrary<(world: World) => unknown> = fc.oneof(
  { weight: 12, arbitrary: room.map((r) => does((world) => world.write(r, "commit"))) },
  { weight: 1, arbitrary: room.map((r) => does((world) => world.write(r, "rollback"))) },
  {
    weight: 12,
    arbitrary: fc.integer({ min: 1, max: 900 }).map((ms) => does(({ pass }) => pass(ms))),
  },
  { weight: 1, arbitrary: fc.constant(does(({ pass }) => pass(20_000))) },
  { weight: 1, arbitrary: fc.constant(does(({ heal }) => heal())) },
  { weight: 1, arbitrary: fc.constant(does(({ fake }) => fake.cut())) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1006, 4001, 4200).map((code) => does(({ fake }) => fake.stop(code))),
  },
  { weight: 1, arbitrary: fc.constant(does(({ fake }) => fake.freeze())) },
  { weight: 1, arbitrary: fc.constant(does(({ fake }) => fake.halfOpen())) },
  { weight: 1, arbitrary: few.map((n) => does(({ fake }) => fake.failCalls(n))) },
  { weight: 1, arbitrary: few.map((n) => does(({ fake }) => fake.events.drop(n))) },
  { weight: 1, arbitrary: few.map((n) => does(({ fake }) => fake.events.duplicate(n))) },
  { weight: 1, arbitrary: few.map((n) => does(({ fake }) => fake.events.reorder(n))) },
  { weight: 1, arbitrary: fc.constant(does(({ log }) => log.cut())) },
  { weight: 1, arbitrary: fc.constant(does(({ routeDown }) => routeDown())) },
  {
    weight: 1,
    arbitrary: page.map((p) => does(({ pages }) => pages[p]?.environment.set({ online: false }))),
  },
  {
    weight: 1,
    arbitrary: page.map((p) => does(({ pages }) => pages[p]?.environment.set({ visible: false }))),
  },
  { weight: 1, arbitrary: page.map((p) => does(({ pages }) => pages[p]?.show(1))) },
);

const converges = (change: (route: Route) => Route) =>
  fc.asyncProperty(
    fc.array(step, { minLength: 5, maxLength: 40, size: "max" }),
    fc.integer({ min: 1, max: 1_000_000 }),
    async (steps, seed) => {
      const world = createWorld(seed, change);
      for (const run of steps) await run(world);
      world.heal();
      await world.pass(90_000);
      for (const { client, cache } of world.pages) {
        expect(client.getState().status).toBe("live");
        for (const [name, shown] of cache) expect(shown).toBe(world.rows.get(name));
      }
      expect(world.told.filter((each) => each.startsWith("rollback"))).toEqual([]);
      for (const { client } of world.pages) client.close();
      const stopped = world.server.close();
      await world.pass(15_000);
      await stopped;
      expect(world.clock.pending()).toBe(0);
      expect(world.fake.sockets.size).toBe(0);
    },
  );

// A failure prints its seed and path. `fc.assert(…, { seed, path })` replays it.
test("I1 I2 after any sequence of faults every page ends with the database's content and received no ghost signal", async () => {
  await fc.assert(
    converges((route) => route),
    { numRuns: 2_000 },
  );
}, 180_000);

test("the simulation detects a route that drops missed signals", async () => {
  const forgetful =
    (route: Route): Route =>
    async (url, init) => {
      const response = await route(url, init);
      if (!String(init?.body).includes('"type":"catch-up"')) return response;
      const { v, results } = (await response.json()) as CatchUpResponse;
      const forgotten = results.map((each) =>
        each.status === "replay" ? { ...each, status: "upToDate", signals: [] } : each,
      );
      return Response.json({ v, results: forgotten });
    };
  const run = fc.assert(converges(forgetful), { numRuns: 500, endOnFailure: true });
  await expect(run).rejects.toThrow(/Property failed/);
});
