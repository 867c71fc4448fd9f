import type { ChildProcess } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { endProcess } from "./processes.ts";
import { endWithUs } from "./watchdog.ts";

export interface KeepRunningOptions {
  /** Whether the server is started again when it ends. */
  readonly restart: boolean;
  /** Called before each further start. */
  readonly beforeRestart: () => Promise<void>;
  readonly say: (line: string) => void;
}

export interface KeptServer {
  /** Of the process that runs now. */
  readonly pid: () => number;
  /** Resolves when the server has gone; it is not started again. */
  readonly stop: () => Promise<void>;
}

const firstDelayMs = 300;
const longestDelayMs = 5000;

/**
 * Starts Postgres and, if wanted, starts it again whenever it ends, with a longer pause after each failed
 * start: after a kill its workers take a moment to leave the shared memory.
 *
 * @throws what the first `launch` throws.
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
      say(`Postgres ended with ${signal ?? `code ${code}`}; starting it again`);
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
        say(`Postgres did not start again: ${error instanceof Error ? error.message : "unknown"}`);
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
