import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { runSoak } from "../tests/soak/run-soak.ts";

/** `npm run soak -- --minutes 2 --seed 7`: a seeded random run with real parts, see tests/soak/README.md. */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "2" },
    seed: { type: "string" },
    scenarios: { type: "string" },
  },
});
const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());

const hasHeld = await runSoak({
  minutes: positive("minutes", values.minutes),
  seed: values.seed === undefined ? randomInt(1, 1_000_000) : positive("seed", values.seed),
  scenarios:
    values.scenarios === undefined
      ? Number.POSITIVE_INFINITY
      : positive("scenarios", values.scenarios),
  print: (line) => console.log(line),
  signal: stop.signal,
});
process.exitCode = hasHeld ? 0 : 1;
// A handle that keeps the process alive is a leak: fail instead of hanging.
setTimeout(() => {
  console.log(`Still open: ${process.getActiveResourcesInfo().join(", ")}`);
  process.exit(1);
}, 10_000).unref();

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`--${name} is "${text}". It must be a positive number.`);
}
