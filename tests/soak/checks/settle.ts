import type { World } from "../world/world.ts";
import { compare, type Difference, describeDifference, misstated } from "./oracle.ts";

/**
 * Longest time from the end of the last fault until every cache is correct: a frozen broker is detected
 * after 15 s, the next attempt follows within 20 s, and a lost last signal is detected within 30 s.
 */
export const settleMs = 75_000;
const pollMs = 200;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits until all work is done and I1 holds. @returns the remaining problems after the timeout */
export async function settle(
  world: World,
): Promise<{ readonly tookMs: number; readonly problems: readonly string[] }> {
  const startMs = performance.now();
  for (;;) {
    const problems = await look(world);
    const tookMs = performance.now() - startMs;
    if (problems.length === 0 || tookMs > settleMs) return { tookMs, problems };
    await pause(pollMs);
  }
}

async function look({ memberships, owner, people, site }: World): Promise<readonly string[]> {
  const [unsent] = await owner<{ jobs: number }[]>`
    select count(*)::int as jobs from job_requests where sent_at is null`;
  if (unsent !== undefined && unsent.jobs > 0) return [`${unsent.jobs} jobs are pending.`];
  const healths = site.relays.map(({ relay }) => relay.health());
  const leaders = healths.filter(({ state }) => state === "leading");
  const [leader] = leaders;
  if (leader === undefined || leaders.length > 1 || leader.backlog > 0) {
    return [`Not exactly one leading relay without backlog: ${JSON.stringify(healths)}`];
  }
  const busy = people.filter((person) => person.state().status !== "live" || person.isFetching());
  if (busy.length > 0) {
    return busy.map((person) => `${person.name} is ${JSON.stringify(person.state())}`);
  }
  const differences: Difference[] = [];
  for (const person of people) differences.push(...(await compare(person)));
  return [
    ...differences.map(describeDifference),
    ...people.flatMap((person) => misstated(person, memberships.isRemoved(person.userId))),
  ];
}
