import { createBrokerSwitch } from "./broker-switch.ts";
import corpus from "./corpus.json" with { type: "json" };
import { play } from "./game.ts";
import { startDatabases } from "./game-database.ts";
import { createWorld } from "./world.ts";

export interface SoakOptions {
  readonly seed: number;
  /** Games are begun until this time is over. The corpus is played whatever it is. */
  readonly minutes: number;
  /** At most so many games besides the corpus. */
  readonly games: number;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** @returns whether every invariant held in every game */
export async function runSoak({
  seed,
  minutes,
  games,
  print,
  signal,
}: SoakOptions): Promise<boolean> {
  const startMs = performance.now();
  const isOver = () => performance.now() - startMs > minutes * 60_000;
  print(`Seed ${seed}. Again with: npm run soak -- --minutes ${minutes} --seed ${seed}`);
  const databases = await startDatabases();
  const broker = await createBrokerSwitch();
  let failed = 0;
  let played = 0;

  const playOne = async (gameSeed: number) => {
    const story: string[] = [];
    const beganMs = performance.now();
    const note = (what: string) => {
      story.push(`${String(Math.round(performance.now() - beganMs)).padStart(6)} ms  ${what}`);
    };
    const database = await databases.create(`game_${gameSeed}_${played}`);
    const world = await createWorld({
      seed: gameSeed,
      database,
      broker,
      postgresPort: databases.port,
      say: note,
    });
    try {
      const { problems, slowestSettleMs, steps } = await play(
        world,
        gameSeed,
        note,
        () => signal.aborted,
      );
      played += 1;
      const tookS = ((performance.now() - beganMs) / 1000).toFixed(0);
      print(
        `${problems.length === 0 ? "ok    " : "FAILED"} seed ${gameSeed}: ${steps} steps, ${world.ledger.signalsHeard()} signals heard, quiet after ${(slowestSettleMs / 1000).toFixed(1)} s at most (${tookS} s)`,
      );
      if (problems.length === 0) return;
      failed += 1;
      print(`\nWhat happened:\n${story.join("\n")}`);
      print(`\nWhat is wrong:\n${problems.map((each) => `  ${each}`).join("\n")}`);
      print(`\nAgain with: npm run soak -- --seed ${gameSeed} --games 1`);
      print("A seed whose cause is found and mended belongs into tests/soak/corpus.json.\n");
    } finally {
      await world.close();
      await database.close();
    }
  };

  try {
    // What failed once is tried first.
    if (games > 1) for (const { seed: known } of corpus) if (!signal.aborted) await playOne(known);
    for (let game = 0; game < games && !isOver() && !signal.aborted; game += 1) {
      await playOne(seed + game);
    }
  } finally {
    await broker.stop();
    await databases.stop();
  }
  print(`${played - failed} of ${played} games held every invariant.`);
  return failed === 0 && played > 0;
}
