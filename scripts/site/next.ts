import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PartError } from "../parts/part-error.ts";
import { LOOPBACK } from "../parts/ports.ts";
import { ROOT, type Variables } from "../parts/settings.ts";
import { until } from "../parts/until.ts";
import { endWithUs } from "../parts/watchdog.ts";

export interface NextOptions {
  readonly mode: "development" | "production";
  readonly port: number;
  readonly variables: Variables;
  /** Called with each line that Next prints. */
  readonly say: (line: string) => void;
}

export interface RunningNext {
  /** Resolves with a reason when Next exits, also without `stop`. */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
  /** Sends SIGKILL, to simulate a crash. Resolves when the process has exited. */
  readonly kill: () => Promise<void>;
}

const STOP_MS = 5000;

/** @throws PartError `no-build`. */
export function demandBuild(distDir = ".next"): void {
  if (existsSync(join(ROOT, distDir, "BUILD_ID"))) return;
  throw new PartError("There is no production build yet.", {
    code: "no-build",
    wayOut: "Run `npm run build` first, or `npm run dev` to work on the site.",
  });
}

/**
 * Starts Next and waits until it answers.
 *
 * @throws PartError `no-build`, `start-failed`.
 */
export async function startNext(options: NextOptions): Promise<RunningNext> {
  const { mode, port, variables, say } = options;
  if (mode === "production") demandBuild(variables.NEXT_DIST_DIR);
  const bin = createRequire(import.meta.url).resolve("next/dist/bin/next");
  const command = mode === "production" ? "start" : "dev";
  const child = spawn(
    process.execPath,
    [bin, command, "--port", String(port), "--hostname", LOOPBACK],
    {
      cwd: ROOT,
      env: { ...variables, NODE_ENV: mode, NEXT_TELEMETRY_DISABLED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      // A separate process group: Ctrl-C does not reach it, and `stop` ends Next with its children.
      detached: true,
    },
  );
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.split("\n")) if (line.trim()) say(line);
    });
  }
  const { pid } = child;
  if (pid === undefined) throw notStarted();
  const release = endWithUs(-pid, "TERM");
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), STOP_MS);
    signalGroup(pid, "SIGTERM");
    await exited;
    clearTimeout(timer);
    signalGroup(pid, "SIGKILL"); // children that outlived Next
    release();
  };

  const kill = async () => {
    signalGroup(pid, "SIGKILL");
    await exited;
    release();
  };

  const up = () => child.exitCode !== null || answers(port);
  const isSettled = await until(up, { timeoutMs: 120_000, everyMs: 50 });
  // No further request: in a busy process it could time out although Next answers.
  if (child.exitCode !== null || !isSettled) {
    await stop();
    throw notStarted();
  }
  return { ended: exited.then(() => "Next exited"), stop, kill };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // the group is empty
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    // Any status counts, a redirect or an error page too.
    const answer = await fetch(`http://${LOOPBACK}:${port}/`, {
      signal: AbortSignal.timeout(60_000),
    });
    await answer.text(); // an answer that is not read to its end keeps Next from exiting
    return true;
  } catch {
    return false;
  }
}

function notStarted(): PartError {
  return new PartError("Next did not start.", {
    code: "start-failed",
    wayOut: "Read its output above. `npm run build` shows most errors in full.",
  });
}
