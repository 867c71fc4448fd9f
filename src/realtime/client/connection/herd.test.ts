import { expect, test } from "vitest";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { createFakeBroker } from "../../testing/fakes/fake-broker.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../../testing/fakes/fake-environment.ts";
import { createFakeRoute } from "../../testing/fakes/fake-route.ts";
import { createRealtimeClient } from "../client.ts";

const channels = defineChannels({ page: channel("page.{pageId}").signal("page.changed") });
const sliceMs = 100;

/** A random generator with a fixed seed. */
function chance(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Cuts many clients at once. Returns the times of their requests afterwards, in ms after the cut. */
async function returnOf(size: number, spreadMs: number) {
  const clock = createFakeClock();
  const broker = createFakeBroker();
  const route = createFakeRoute();
  const random = chance();
  route.spread(spreadMs);
  let cutAtMs = Number.POSITIVE_INFINITY;
  const at: Record<string, number[]> = { join: [], "catch-up": [], "sign-in": [] };
  const crowd = Array.from({ length: size }, () => {
    const client = createRealtimeClient({
      channels,
      transport: broker.transport,
      fetch: (url, init) => {
        const { type } = JSON.parse(String(init?.body)) as { readonly type: string };
        if (clock.now() >= cutAtMs) at[type]?.push(clock.now() - cutAtMs);
        return route.fetch(url, init);
      },
      clock,
      random,
      environment: createFakeEnvironment(),
    });
    for (const pageId of ["1", "2", "3"]) client.subscribe(channels.page({ pageId }));
    return client;
  });
  const areLive = () => crowd.every((client) => client.getState().status === "live");
  await clock.advance(200);
  expect(areLive()).toBe(true);
  cutAtMs = clock.now();
  broker.cut();
  while (!areLive()) await clock.advance(sliceMs);
  const isBackMs = clock.now() - cutAtMs;
  for (const client of crowd) client.close();
  const mostIn = (times: readonly number[]) => {
    const slices = new Map<number, number>();
    for (const ms of times) {
      const slice = Math.floor(ms / sliceMs);
      slices.set(slice, (slices.get(slice) ?? 0) + 1);
    }
    return Math.max(...slices.values());
  };
  return { isBackMs, joins: at.join ?? [], catchUps: at["catch-up"] ?? [], mostIn };
}

test("H1 K10 a thousand clients that are cut at once return over five seconds, each with one join and one catch-up", async () => {
  const { isBackMs, joins, catchUps, mostIn } = await returnOf(1_000, 5_000);
  expect([joins.length, catchUps.length]).toEqual([1_000, 1_000]);
  expect(Math.max(...joins) - Math.min(...joins)).toBeGreaterThanOrEqual(5_000);
  expect(isBackMs).toBeLessThanOrEqual(7_700);
  // 20 on average.
  expect(mostIn(joins)).toBeLessThanOrEqual(50);
  expect(mostIn(catchUps)).toBeLessThanOrEqual(50);
}, 60_000);

test("H2 ten clients that are cut at once return within the half second of the usual back-off", async () => {
  const { isBackMs } = await returnOf(10, 50);
  expect(isBackMs).toBeLessThanOrEqual(700);
});
