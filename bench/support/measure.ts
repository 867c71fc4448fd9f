import { readFileSync } from "node:fs";

/** The median, because a bench on a shared machine has outliers, and only upwards. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/** Runs each contestant once per round, so that a slow minute of the machine affects all of them. */
export async function interleave<Name extends string, Result>(
  rounds: number,
  contestants: Readonly<Record<Name, () => Promise<Result>>>,
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(contestants) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    Result[]
  >;
  for (let round = 0; round < rounds; round++) {
    // Each round starts with another contestant.
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length];
      if (name !== undefined) results[name].push(await contestants[name]());
    }
  }
  return results;
}

/** A page with a cache or list of some size, and what is measured on it. */
export interface SizedPage {
  readonly size: number;
  /** What the library does. @returns microseconds */
  readonly ours: () => Promise<number>;
  /** The same by TanStack Query alone. @returns microseconds */
  readonly theirs: () => Promise<number>;
  readonly close: () => void;
}

/**
 * Measures pages of several sizes, all of them in each round, and closes them. A page that has been open for a while runs
 * compiled code, so each one is used for some time before.
 */
export async function measureSizes(rounds: number, pages: readonly SizedPage[]) {
  for (const page of pages) for (let count = 0; count < 20; count += 1) await page.ours();
  const contestants = pages.flatMap(({ size, ours, theirs }) => [
    [`ours ${size}`, ours] as const,
    [`theirs ${size}`, theirs] as const,
  ]);
  const results = await interleave(rounds, Object.fromEntries(contestants));
  for (const page of pages) page.close();
  return pages.map(({ size }) => ({
    size,
    ours: median(results[`ours ${size}`] ?? []),
    theirs: median(results[`theirs ${size}`] ?? []),
  }));
}

export const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Milliseconds that a core has worked for the main thread so far. The clock would count the time in which other
 * programs had the core as well. Where the kernel does not count it (outside Linux), the clock is taken.
 */
export function mainThreadCpuMs(): number {
  return cpuMsOf(process.pid);
}

/** The same for the main thread of another process on this machine. */
export function cpuMsOf(pid: number): number {
  try {
    const [ns] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ");
    return Number(ns) / 1e6;
  } catch {
    return performance.now();
  }
}
