import corpus from "./corpus.json" with { type: "json" };
import { runScenario } from "./scenario.ts";
import { createBrokerSwitch } from "./site/broker-switch.ts";
import { startDatabases } from "./site/scenario-database.ts";
import { createWorld } from "./world/world.ts";

export interface SoakOptions {
  readonly seed: number;
  /** No scenario starts after this time. The corpus runs in any case. */
  readonly minutes: number;
  /** Maximum number of scenarios besides the corpus. */
  readonly scenarios: number;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** @returns whether every invariant held in every scenario */
export async function runSoak({
  seed,
  minutes,
  scenarios,
  print,
  signal,
}: SoakOptions): Promise<boolean> {
  const startMs = performance.now();
  const isOver = () => performance.now() - startMs > minutes * 60_000;
  print(`Seed ${seed}. Reproduce: npm run soak -- --minutes ${minutes} --seed ${seed}`);
  const databases = await startDatabases();
  const broker = await createBrokerSwitch();
  let failed = 0;
  let ran = 0;

  const runOne = async (scenarioSeed: number) => {
    const log: string[] = [];
    const beganMs = performance.now();
    const note = (what: string) => {
      log.push(`${String(Math.round(performance.now() - beganMs)).padStart(6)} ms  ${what}`);
    };
    const database = await databases.create(`scenario_${scenarioSeed}_${ran}`);
    const world = await createWorld({
      seed: scenarioSeed,
      database,
      broker,
      postgresPort: databases.port,
      say: note,
    });
    try {
      const { problems, slowestSettleMs, steps } = await runScenario(
        world,
        scenarioSeed,
        note,
        () => signal.aborted,
      );
      ran += 1;
      const { signals, rows } = world.ledger.counts();
      const tookS = ((performance.now() - beganMs) / 1000).toFixed(0);
      print(
        `${problems.length === 0 ? "ok    " : "FAILED"} seed ${scenarioSeed}: ${steps} steps, ${signals} signals and ${rows} rows received, settled after ${(slowestSettleMs / 1000).toFixed(1)} s at most (${tookS} s)`,
      );
      if (problems.length === 0) return;
      failed += 1;
      print(`\nLog:\n${log.join("\n")}`);
      print(`\nProblems:\n${problems.map((each) => `  ${each}`).join("\n")}`);
      print(`\nReproduce: npm run soak -- --seed ${scenarioSeed} --scenarios 1`);
      print("Once the cause is fixed, add the seed to tests/soak/corpus.json.\n");
    } finally {
      await world.close();
      await database.close();
    }
  };

  try {
    // The corpus runs first: these seeds have failed before.
    if (scenarios > 1)
      for (const { seed: known } of corpus) if (!signal.aborted) await runOne(known);
    for (let index = 0; index < scenarios && !isOver() && !signal.aborted; index += 1) {
      await runOne(seed + index);
    }
  } finally {
    await broker.stop();
    await databases.stop();
  }
  print(`${ran - failed} of ${ran} scenarios held every invariant.`);
  return failed === 0 && ran > 0;
}
