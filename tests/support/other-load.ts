import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

/** Ticks of /proc per second, on every Linux. */
const ticksPerSecond = 100;

interface Usage {
  readonly parent: number;
  /** CPU of the process, and of its children that have ended. */
  readonly seconds: number;
}

function usageOf(pid: string): Usage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
    return { parent: Number(fields[1]), seconds: ticks / ticksPerSecond };
  } catch {
    return null; // it has ended
  }
}

/** Seconds of CPU that this process and everything it started have used. */
function ownSeconds(): number {
  const usages = new Map<number, Usage>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    const usage = usageOf(name);
    if (usage !== null) usages.set(Number(name), usage);
  }
  const isOwn = (pid: number): boolean =>
    pid === process.pid || (usages.has(pid) && isOwn(usages.get(pid)?.parent ?? 0));
  return [...usages].reduce((sum, [pid, { seconds }]) => (isOwn(pid) ? sum + seconds : sum), 0);
}

/** Seconds of CPU that the whole machine has used, with what other machines on its processors have used. */
function allSeconds(): number {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const [user, nice, system, _idle, _wait, irq, softIrq, steal] = line.split(/\s+/).slice(1);
  const busy = [user, nice, system, irq, softIrq, steal].map(Number);
  return busy.reduce((sum, each) => sum + each, 0) / ticksPerSecond;
}

/**
 * Measures how long other work on this machine has kept its processors busy since the call: seconds of CPU, divided by
 * the number of processors. 0 on a system without /proc.
 */
export function watchOtherLoad(): () => number {
  if (process.platform !== "linux") return () => 0;
  const others = () => allSeconds() - ownSeconds();
  const before = others();
  return () => Math.max(0, others() - before) / cpus().length;
}
