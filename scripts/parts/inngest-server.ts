import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { freePort, LOOPBACK } from "./ports.ts";
import { endProcess } from "./processes.ts";
import { ROOT } from "./settings.ts";
import { until } from "./until.ts";
import { endWithUs } from "./watchdog.ts";

const INNGEST_BIN = join(ROOT, "node_modules", ".bin", "inngest-cli");

export interface RunningInngest {
  /** For INNGEST_DEV. Also serves the dashboard. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts Inngest's dev server. Resolves null when it is missing: the package is optional, and its binary is
 * downloaded separately.
 */
export async function startInngestServer(appUrl: string): Promise<RunningInngest | null> {
  if (!existsSync(INNGEST_BIN)) return null;
  if (spawnSync(INNGEST_BIN, ["version"], { timeout: 10_000 }).status !== 0) return null;
  const port = await freePort();
  const child = spawn(
    INNGEST_BIN,
    ["dev", "--no-discovery", "--host", LOOPBACK, "--port", String(port), "--sdk-url", appUrl],
    { cwd: ROOT, stdio: "ignore", detached: true },
  );
  child.once("error", () => {}); // a failed spawn has no pid or never answers, checked below
  if (child.pid !== undefined) child.once("exit", endWithUs(child.pid, "TERM"));
  const url = `http://${LOOPBACK}:${port}`;
  const stop = async () => {
    if (child.pid !== undefined) await endProcess(child.pid);
  };
  const up = async () => child.exitCode !== null || (await answers(url));
  const isSettled = await until(up, { timeoutMs: 15_000, everyMs: 100 });
  // No further request: in a busy process it could time out although the server answers.
  if (child.pid !== undefined && child.exitCode === null && isSettled) return { url, stop };
  await stop();
  return null;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}
