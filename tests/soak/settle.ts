import { compare, type Difference, inWords } from "./oracle.ts";
import type { World } from "./world.ts";

/**
 * Longest time from the end of the last fault until every cache is right: a frozen broker is noticed
 * after 15 s, the next attempt at it is up to 20 s away, and a lost last signal shows within 30 s.
 */
export const settleMs = 75_000;
const lookEveryMs = 200;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits until nothing is under way and I1 holds. @returns what still differs when the time is over */
export async function settle(
  world: World,
): Promise<{ readonly tookMs: number; readonly problems: readonly string[] }> {
  const startMs = performance.now();
  for (;;) {
    const problems = await look(world);
    const tookMs = performance.now() - startMs;
    if (problems.length === 0 || tookMs > settleMs) return { tookMs, problems };
    await pause(lookEveryMs);
  }
}

async function look({ owner, people, site }: World): Promise<readonly string[]> {
  const [unsent] = await owner<{ jobs: number }[]>`
    select count(*)::int as jobs from job_requests where sent_at is null`;
  if (unsent !== undefined && unsent.jobs > 0) return [`${unsent.jobs} jobs are not done.`];
  const healths = site.relays.map(({ relay }) => relay.health());
  const leaders = healths.filter(({ state }) => state === "leading");
  const [leader] = leaders;
  if (leader === undefined || leaders.length > 1 || leader.backlog > 0) {
    return [`No single relay leads without a backlog: ${JSON.stringify(healths)}`];
  }
  const restless = people.filter(
    (person) => person.state().status !== "live" || person.isFetching(),
  );
  if (restless.length > 0) {
    return restless.map((person) => `${person.name} is ${JSON.stringify(person.state())}`);
  }
  const differences: Difference[] = [];
  for (const person of people) differences.push(...(await compare(person)));
  return differences.map(inWords);
}
