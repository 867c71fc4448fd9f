import { expect, test } from "vitest";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createScheduler } from "./scheduler.ts";

const fetchMs = 300;

/** Changes a row and fetches it by a scheduler. Measures how long the fetched row was outdated. */
function watch(changes: number, everyMs: number) {
  const clock = createFakeClock(0);
  let version = 0;
  let shown = 0;
  let fetches = 0;
  let stalestMs = 0;
  const changedAtMs: number[] = [0];
  let isFetching = false;
  const scheduler = createScheduler<string>({
    clock,
    random: () => 0.5,
    isFetching: () => isFetching,
    isWanted: () => true,
    postpone: () => {},
    fetch: () => {
      fetches += 1;
      isFetching = true;
      const read = version;
      scheduler.started("q", true);
      clock.after(fetchMs, () => {
        isFetching = false;
        // The age of the oldest change that the page did not have until now.
        const oldest = changedAtMs[shown + 1];
        if (oldest !== undefined) stalestMs = Math.max(stalestMs, clock.now() - oldest);
        shown = read;
        scheduler.settled("q", "success");
      });
    },
  });
  for (let change = 0; change < changes; change += 1) {
    version += 1;
    changedAtMs.push(clock.now());
    scheduler.mark("q");
    clock.advanceNow(everyMs);
  }
  clock.advanceNow(10_000);
  return { fetches, stalestMs, isCurrent: shown === version };
}

test("K2 K3 30 signals in 3 s cost at most 12 fetches of 300 ms, and the data is outdated by at most two fetches and 100 ms", () => {
  const { fetches, stalestMs, isCurrent } = watch(30, 100);
  expect(isCurrent).toBe(true);
  expect(fetches).toBeLessThanOrEqual(12);
  expect(stalestMs).toBeLessThanOrEqual(2 * fetchMs + 100);
});
