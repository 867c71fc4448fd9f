import { createScheduler } from "../../../src/realtime/query/scheduler/scheduler.ts";
import type { Priority } from "../../../src/realtime/query/scheduler/scheduling.ts";
import { createFakeClock } from "../../../src/realtime/testing/fakes/fake-clock.ts";

/** One query on a fake clock, with given durations of its fetches. */
export function setUp(
  fetchMs: () => number = () => 100,
  outcome: () => "success" | "error" = () => "success",
) {
  const clock = createFakeClock(0);
  const starts: number[] = [];
  const ends: number[] = [];
  let isWanted = true;
  let underWay = 0;
  let most = 0;

  const begin = (isWhole = true) => {
    underWay += 1;
    most = Math.max(most, underWay);
    starts.push(clock.now());
    scheduler.started("q", isWhole);
    return clock.after(fetchMs(), () => end(outcome()));
  };
  const end = (how: "success" | "error" | "cancelled") => {
    underWay -= 1;
    ends.push(clock.now());
    scheduler.settled("q", how);
  };
  const scheduler = createScheduler<string>({
    clock,
    random: () => 0.5,
    isFetching: () => underWay > 0,
    isWanted: () => isWanted,
    postpone: () => {},
    fetch: () => void begin(),
  });
  return {
    clock,
    scheduler,
    starts,
    ends,
    begin,
    end,
    mostAtOnce: () => most,
    setWanted: (next: boolean) => {
      isWanted = next;
      if (next) scheduler.wake("q");
    },
  };
}

/** Many queries on one fake clock. Each fetch takes 100 ms. */
export function setUpMany(priorities: Readonly<Record<string, Priority>> = {}, random = () => 0.5) {
  const clock = createFakeClock(0);
  const started: [string, number][] = [];
  const running = new Set<string>();
  let most = 0;
  const scheduler = createScheduler<string>({
    clock,
    random,
    priorityOf: (key) => priorities[key] ?? "normal",
    isFetching: (key) => running.has(key),
    isWanted: () => true,
    postpone: () => {},
    fetch: (key) => {
      started.push([key, clock.now()]);
      running.add(key);
      most = Math.max(most, running.size);
      scheduler.started(key, true);
      clock.after(100, () => {
        running.delete(key);
        scheduler.settled(key, "success");
      });
    },
  });
  return { clock, scheduler, started, mostAtOnce: () => most };
}
