import { readFile } from "node:fs/promises";
import type { Sql } from "postgres";

/** Ticks of /proc per second, on every Linux. */
const ticksPerSecond = 100;

/** Seconds of CPU a process has used. The steps are 10 ms, so measure many rounds at once. */
export async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond; // utime and stime
}

/**
 * Milliseconds of CPU that this process and the database spend on `work`. They vary less with other load on
 * the machine than elapsed time does.
 */
export async function measureCpu<Result>(
  sql: Sql,
  work: () => Promise<Result>,
): Promise<{ readonly cpuMs: number; readonly result: Result }> {
  const total = async () => {
    const backends = await sql<{ pid: number }[]>`
      select pid from pg_stat_activity where datname = current_database() order by pid`;
    const seconds = await Promise.all(backends.map(({ pid }) => cpuOf(pid)));
    const { user, system } = process.cpuUsage();
    return seconds.reduce((sum, each) => sum + each, 0) * 1000 + (user + system) / 1000;
  };
  const before = await total();
  const result = await work();
  return { cpuMs: (await total()) - before, result };
}
