import { afterEach, expect, test, vi } from "vitest";
import { type Crowd, createCrowd } from "../../support/broker/crowd.ts";
import { startOwnSoketi } from "../../support/broker/soketi.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** `CLIENTS=500` for a large crowd. `bench/return.ts` measures the time until all are live. */
// biome-ignore lint/style/noProcessEnv: the size of the test is chosen by the caller
const size = Number(process.env.CLIENTS ?? 20);
const patience = { timeout: 30_000 };
const all = (count: () => number) => vi.waitFor(() => expect(count()).toBe(size), patience);
const isDown = (crowd: Crowd) => vi.waitFor(() => expect(crowd.live()).toBe(0), patience);

test.each(["restarted", "killed"] as const)(
  `K1 S3.22 ${size} clients of a %s broker reconnect, with at most one request of each type per connection`,
  async (how) => {
    const first = await startOwnSoketi();
    const crowd = createCrowd(first, size);
    closers.push(crowd.close);
    await all(crowd.live);
    await crowd.commit("before");
    await all(() => crowd.told("before"));
    crowd.newRequests();
    await (how === "killed" ? first.kill() : first.stop());
    await isDown(crowd);
    await crowd.commit("meanwhile");
    const second = await startOwnSoketi({ port: first.port });
    closers.push(second.stop);
    await all(crowd.live);
    await all(() => crowd.told("meanwhile"));
    const asked = crowd.newRequests();
    expect(Object.keys(asked).sort()).toEqual(["catch-up", "join", "sign-in"]);
    // A broker that shuts down still accepts connections for a moment, so some clients reconnect twice.
    const atMost = how === "killed" ? size : 2 * size;
    for (const count of Object.values(asked)) {
      expect(count).toBeGreaterThanOrEqual(size);
      expect(count).toBeLessThanOrEqual(atMost);
    }
    await crowd.commit("after");
    await all(() => crowd.told("after"));
  },
  120_000,
);
