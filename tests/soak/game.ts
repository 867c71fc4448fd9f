import { createRandom } from "./random.ts";
import { repeatUntilFree } from "./repeats.ts";
import { drawStorm } from "./schedule.ts";
import { settle } from "./settle.ts";
import { calm, runStorm } from "./storm.ts";
import { watchClaims } from "./watch-claims.ts";
import type { World } from "./world.ts";

/** Storms in one game; the next storm meets what the last one left behind. */
const storms = 2;
const stormMs = { from: 4_000, to: 7_000 };

export interface GameResult {
  readonly problems: readonly string[];
  /** Everything that happened, for whoever has to understand a failure. */
  readonly story: readonly string[];
  readonly steps: number;
  readonly slowestSettleMs: number;
}

/** Plays one seed: storms, each followed by a quiet period after which every cache must be right. */
export async function play(
  world: World,
  seed: number,
  note: (what: string) => void,
  isAborted: () => boolean,
): Promise<Omit<GameResult, "story">> {
  const stopWatching = watchClaims(world);
  try {
    return await playStorms(world, seed, note, isAborted);
  } finally {
    await stopWatching();
  }
}

async function playStorms(
  world: World,
  seed: number,
  note: (what: string) => void,
  isAborted: () => boolean,
): Promise<Omit<GameResult, "story">> {
  let steps = 0;
  let slowestSettleMs = 0;
  const first = await settle(world);
  if (first.problems.length > 0) return { problems: first.problems, steps, slowestSettleMs };
  for (let round = 1; round <= storms && !isAborted(); round += 1) {
    const random = createRandom(seed, "storm", round);
    const storm = drawStorm(random, world.cast, random.between(stormMs.from, stormMs.to));
    steps += storm.length;
    for (const { atMs, step } of storm)
      note(`storm ${round}, planned at ${atMs} ms: ${JSON.stringify(step)}`);
    await runStorm(world, storm, note);
    note(`storm ${round} is over`);
    await calm(world);
    const { tookMs, problems } = await settle(world);
    slowestSettleMs = Math.max(slowestSettleMs, tookMs);
    note(`quiet after ${Math.round(tookMs)} ms`);
    const found = [...problems.map((what) => `I1 ${what}`), ...broken(world)];
    if (found.length === 0) found.push(...(await repeat(world)));
    if (found.length > 0) return { problems: found, steps, slowestSettleMs };
  }
  return { problems: [], steps, slowestSettleMs };
}

/** I5, and whatever else repeated signals have broken. */
async function repeat(world: World): Promise<readonly string[]> {
  const known = new Map(world.people.map((person) => [person, person.reasons().length]));
  const { problems, greedy } = await repeatUntilFree(world.people, async () => {
    await world.site.repeat();
    await silence(world);
    const settled = await settle(world);
    return [
      ...settled.problems.map((what) => `I5 after repeated signals: ${what}`),
      ...broken(world),
    ];
  });
  return [
    ...problems,
    ...greedy.map(({ reader, repeats }) => {
      const why = reader.reasons().slice(known.get(reader));
      return `I5 signals repeated ${repeats} times cost ${reader.name}:\n    ${why.join("\n    ")}`;
    }),
  ];
}

/** Until nobody has heard or read anything for a while. */
async function silence({ ledger, people }: World): Promise<void> {
  const total = () => people.reduce((sum, person) => sum + person.fetches(), ledger.signalsHeard());
  for (let before = -1; before !== total(); ) {
    before = total();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function broken({ claims, ledger, people }: World): readonly string[] {
  return [
    ...ledger.violations(),
    ...claims.violations(),
    ...people.flatMap((person) => person.violations()),
  ];
}
