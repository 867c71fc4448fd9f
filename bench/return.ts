/**
 * Time until a crowd is live and caught up again after its broker was restarted, or killed.
 * `npm run bench bench/return.ts`, about a minute. The outage is as long as Soketi takes to start.
 */
import { startSoketi } from "../scripts/parts/soketi/soketi.ts";
import { createCrowd } from "../tests/support/broker/crowd.ts";
import "../tests/support/runner/web-socket.ts";
import { wait } from "./support/measure.ts";
import { finish, format, goal, print } from "./support/report.ts";

const crowds = [20, 500];
const outages = { restarted: "stop", killed: "kill" } as const;
const longestMs = 60_000;

for (const [how, end] of Object.entries(outages)) {
  for (const size of crowds) {
    const first = await startSoketi();
    const crowd = createCrowd(first, size);
    await until(() => crowd.live() === size);
    crowd.newRequests();
    const downAtMs = performance.now();
    await first[end]();
    await until(() => crowd.live() === 0);
    await crowd.commit("meanwhile");
    const second = await startSoketi({ port: first.port });
    const upAtMs = performance.now();
    await until(() => crowd.live() === size && crowd.told("meanwhile") === size);
    const backMs = performance.now() - upAtMs;
    const requests = Object.entries(crowd.newRequests()).map(
      ([type, count]) => `${type} ${format(count / size)}`,
    );
    print(`${size} clients, broker ${how}, away for ${format((upAtMs - downAtMs) / 1000)} s`);
    print(`  requests of each: ${requests.join(", ")}`);
    goal("back", "all live and caught up after it is up", backMs, { atMost: 5_000 }, " ms");
    await crowd.close();
    await second.stop();
  }
}
finish();

async function until(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + longestMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`Not within ${longestMs} ms.`);
    await wait(10);
  }
}
