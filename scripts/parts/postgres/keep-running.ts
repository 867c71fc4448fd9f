import type { ChildProcess } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { endProcess } from "../processes.ts";
import { endWithUs } from "../watchdog.ts";

export interface KeepRunningOptions {
  /** Whether the server is started again when it ends. */
  readonly restart: boolean;
  /** Called before each further start. */
  readonly beforeRestart: () => Promise<void>;
  readonly say: (line: string) => void;
}

export interface KeptServer {
  /** Id of the current process; changes with every restart. */
  readonly pid: () => number;
  /** Stops the server for good. Resolves when the process has exited. */
  readonly stop: () => Promise<void>;
}

const firstDelayMs = 300;
const longestDelayMs = 5000;

/**
 * Starts Postgres and, with `restart`, restarts it whenever it exits. The delay doubles after each failed
 * start: after a kill, the workers take a moment to release the shared memory.
 *
 * @throws the error of the first `launch`.
 */
export async function keepRunning(
  launch: () => Promise<ChildProcess>,
  { restart, beforeRestart, say }: KeepRunningOptions,
): Promise<KeptServer> {
  let isWanted = true;
  let restarting: Promise<void> | null = null;
  const stopping = new AbortController();
  let child = await launch();
  let release = watch(child);

  function watch(started: ChildProcess): () => void {
    started.once("exit", (code, signal) => {
      if (!(restart && isWanted)) return;
      say(`Postgres exited with ${signal ?? `code ${code}`}; restarting it`);
      release();
      restarting = startAgain();
    });
    return endWithUs(started.pid ?? 0, "INT");
  }

  async function startAgain(): Promise<void> {
    for (let delayMs = firstDelayMs; isWanted; delayMs = Math.min(longestDelayMs, 2 * delayMs)) {
      await pause(delayMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (!isWanted) return;
      try {
        await beforeRestart();
        child = await launch();
        release = watch(child);
        return;
      } catch (error) {
        say(`Postgres did not restart: ${error instanceof Error ? error.message : "unknown"}`);
      }
    }
  }

  return {
    pid: () => child.pid ?? 0,
    stop: async () => {
      isWanted = false;
      stopping.abort();
      await restarting;
      if (child.pid !== undefined) {
        await endProcess(child.pid, ["SIGINT", "SIGQUIT", "SIGKILL"], 10_000);
      }
      release();
    },
  };
}
