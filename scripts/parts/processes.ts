import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { until } from "./until.ts";

/** Whether a process with this id exists, of any account. A zombie (exited, not yet reaped) does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true; // no /proc on this system
  }
}

/** The command line of a process, or "" when it cannot be read. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    // no /proc on this system
  }
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

/**
 * Sends the signals one after the other, waiting `graceMs` after each, until the process has exited.
 * Resolves false when it is still alive after the last one.
 */
export async function endProcess(
  pid: number,
  signals: readonly NodeJS.Signals[] = ["SIGTERM", "SIGKILL"],
  graceMs = 5000,
): Promise<boolean> {
  for (const signal of signals) {
    if (!isAlive(pid)) return true;
    try {
      process.kill(pid, signal);
    } catch {
      // it exited in between
    }
    if (await until(() => !isAlive(pid), { timeoutMs: graceMs })) return true;
  }
  return !isAlive(pid);
}

/**
 * An environment without our variables: Soketi reads SOKETI_*, Postgres PG*. The cast is needed because
 * Next's types require NODE_ENV in every environment.
 */
export function bareEnv(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, ...extra } as unknown as NodeJS.ProcessEnv;
}
