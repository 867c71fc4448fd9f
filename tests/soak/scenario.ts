import { repeatUntilFree } from "./checks/repeats.ts";
import { settle } from "./checks/settle.ts";
import { watchClaims } from "./checks/watch-claims.ts";
import { createRandom } from "./random.ts";
import { drawChatSchedule } from "./schedule/chat-schedule.ts";
import { drawFaultSchedule } from "./schedule/fault-schedule.ts";
import { drawMemberSchedule } from "./schedule/member-schedule.ts";
import { endFaults, runFaultSchedule } from "./schedule/run-fault-schedule.ts";
import type { World } from "./world/world.ts";

/** Fault schedules of one scenario, all on the same site. */
const rounds = 2;
const scheduleMs = { from: 4_000, to: 7_000 };

export interface ScenarioResult {
  readonly problems: readonly string[];
  /** Every event, for the analysis of a failure. */
  readonly log: readonly string[];
  readonly steps: number;
  readonly slowestSettleMs: number;
}

/** Runs the schedules of one seed. After each one the faults end and every cache must become correct. */
export async function runScenario(
  world: World,
  seed: number,
  note: (what: string) => void,
  isAborted: () => boolean,
): Promise<Omit<ScenarioResult, "log">> {
  const stopWatching = watchClaims(world);
  try {
    return await runFaultSchedules(world, seed, note, isAborted);
  } finally {
    await stopWatching();
  }
}

async function runFaultSchedules(
  world: World,
  seed: number,
  note: (what: string) => void,
  isAborted: () => boolean,
): Promise<Omit<ScenarioResult, "log">> {
  let steps = 0;
  let slowestSettleMs = 0;
  const first = await settle(world);
  if (first.problems.length > 0) return { problems: first.problems, steps, slowestSettleMs };
  for (let round = 1; round <= rounds && !isAborted(); round += 1) {
    // The label is part of the seed: another one would change what the seeds in corpus.json do.
    const random = createRandom(seed, "storm", round);
    const lengthMs = random.between(scheduleMs.from, scheduleMs.to);
    const schedule = [
      ...drawFaultSchedule(random, world.cast, lengthMs),
      ...drawChatSchedule(createRandom(seed, "chat", round), world.chatCast, lengthMs),
      ...drawMemberSchedule(
        createRandom(seed, "members", round),
        world.chatCast.removable,
        round,
        lengthMs,
      ),
    ].sort((a, b) => a.atMs - b.atMs);
    steps += schedule.length;
    for (const { atMs, step } of schedule)
      note(`fault schedule ${round}, planned at ${atMs} ms: ${JSON.stringify(step)}`);
    await runFaultSchedule(world, schedule, note);
    note(`fault schedule ${round} is over`);
    await endFaults(world);
    const { tookMs, problems } = await settle(world);
    slowestSettleMs = Math.max(slowestSettleMs, tookMs);
    note(`settled after ${Math.round(tookMs)} ms`);
    const found = [...problems.map((what) => `I1 ${what}`), ...broken(world)];
    if (found.length === 0) found.push(...(await repeat(world)));
    if (found.length > 0) return { problems: found, steps, slowestSettleMs };
  }
  return { problems: [], steps, slowestSettleMs };
}

/** Checks I5, then every other invariant after repeated signals. */
async function repeat(world: World): Promise<readonly string[]> {
  const known = new Map(world.people.map((person) => [person, person.reasons().length]));
  const { problems, excessive } = await repeatUntilFree(world.people, async () => {
    await world.site.repeat();
    await waitForIdle(world);
    const settled = await settle(world);
    return [
      ...settled.problems.map((what) => `I5 after repeated signals: ${what}`),
      ...broken(world),
    ];
  });
  return [
    ...problems,
    ...excessive.map(({ reader, repeats }) => {
      const why = reader.reasons().slice(known.get(reader));
      return `I5 ${reader.name} read after ${repeats} repeats of the signals:\n    ${why.join("\n    ")}`;
    }),
  ];
}

/** Resolves when no person has received a signal or read data for 300 ms. */
async function waitForIdle({ ledger, people }: World): Promise<void> {
  const total = () =>
    people.reduce((sum, person) => sum + person.fetches(), ledger.counts().signals);
  for (let before = -1; before !== total(); ) {
    before = total();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function broken({ claims, ledger, people }: World): readonly string[] {
  return [
    ...(ledger.counts().removals > 0 ? [] : ["I3 No member of the chat was removed."]),
    ...(ledger.counts().rows > 0 ? [] : ["I7 No row of the chat reached a page over a stream."]),
    ...ledger.violations(),
    ...claims.violations(),
    ...people.flatMap((person) => person.violations()),
  ];
}
