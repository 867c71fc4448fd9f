import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { PartError } from "../part-error.ts";
import { demandPort, freePort, LOOPBACK } from "../ports.ts";
import { bareEnv, endProcess } from "../processes.ts";
import { until } from "../until.ts";
import { endWithUs } from "../watchdog.ts";
import {
  eachApp,
  keepSoketiConfig,
  readSoketiConfig,
  type SoketiConfig,
  soketiConfigFile,
} from "./soketi-config.ts";
import { ensureSoketi, SOKETI_HOME, soketiPaths } from "./soketi-install.ts";

export interface SoketiOptions {
  /** Must be free. Default: any free port. */
  readonly port?: number;
  /** Default: the project's soketi.json. */
  readonly configFile?: string;
  /** Changes the settings of the file. */
  readonly configure?: (config: SoketiConfig) => SoketiConfig;
  /** Restarts Soketi whenever it exits, also with code 0, the code of a crash. Default false. */
  readonly restart?: boolean;
  /** Origins of the pages that may connect. Default: any. */
  readonly allowedOrigins?: readonly string[];
  /**
   * Features of the broker beyond private channels, as in `SOKETI_ALLOW` of docs/operations.md. Client
   * events are then switched on for each app. Default: none.
   */
  readonly allow?: readonly string[];
  /** The frame limit of one socket. Default: the guard's. */
  readonly frameLimit?: { readonly perSecond: number; readonly burst: number };
  /** False starts Soketi without its guard, for tests that show why it is needed. Default true. */
  readonly guarded?: boolean;
  /** Called with a line about each install, restart and error of Soketi. Default: none. */
  readonly say?: (line: string) => void;
}

export interface RunningSoketi {
  readonly host: string;
  readonly port: number;
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
  /** Id of the current process; changes with every restart. */
  readonly pid: () => number;
  /** Orderly shutdown. Resolves when the process has exited and its port is free. */
  readonly stop: () => Promise<void>;
  /** Sends SIGKILL, to simulate a crash; `restart` applies. Resolves when the process has exited. */
  readonly kill: () => Promise<void>;
}

const RESTART_DELAY_MS = 300;

/**
 * Starts Soketi on 127.0.0.1 and waits until it answers.
 *
 * @throws PartError
 */
export async function startSoketi(options: SoketiOptions = {}): Promise<RunningSoketi> {
  const { restart = false, say = () => {}, guarded = true } = options;
  const { configFile = soketiConfigFile, configure = (config) => config } = options;
  const guardVariables = guardVariablesFor(options);
  const { config, app } = readSoketiConfig(resolve(configFile));
  await ensureSoketi(say);
  // A second Soketi on a port raises no error: both share it, and each loses half of the events.
  if (options.port !== undefined) await demandPort(options.port, "Soketi", "SOKETI_PORT");
  const port = options.port ?? (await freePort());

  const clientEvents = options.allow?.some((name) => name === "client-events" || name === "all");
  const allowing = clientEvents ? eachApp({ enableClientMessages: true })(config) : config;
  const kept = keepSoketiConfig(configure(allowing));
  let wanted = true;
  const start = () => launch({ configFile: kept.file, port, say, guarded, guardVariables });
  let child = start();
  let comeback: NodeJS.Timeout | undefined;
  const supervise = (watched: ChildProcess) => {
    watched.once("exit", (code, signal) => {
      if (!(restart && wanted)) return;
      say(`Soketi exited with ${signal ?? `code ${code}`}; restarting it`);
      comeback = setTimeout(() => {
        child = start();
        supervise(child);
      }, RESTART_DELAY_MS);
    });
  };

  const end = async (signals: readonly NodeJS.Signals[]) => {
    if (child.pid !== undefined) await endProcess(child.pid, signals);
  };
  const stop = async () => {
    wanted = false;
    clearTimeout(comeback);
    child.kill("SIGCONT"); // a process stopped by SIGSTOP does not handle SIGTERM
    await end(["SIGTERM", "SIGKILL"]);
    kept.forget();
  };

  const settled = async () => child.exitCode !== null || (await isReady(port));
  const isSettled = await until(settled, { timeoutMs: 20_000, everyMs: 50 });
  // No further request: in a busy process it could time out although Soketi answers.
  if (child.exitCode !== null || !isSettled) {
    await stop();
    throw new PartError(`Soketi did not start on ${LOOPBACK}:${port}.`, {
      code: "start-failed",
      wayOut: `Run \`npm ci --prefix tools/soketi\` to reinstall it, and check ${configFile}.`,
    });
  }
  supervise(child);
  return {
    host: LOOPBACK,
    port,
    appId: app.id,
    key: app.key,
    secret: app.secret,
    pid: () => child.pid ?? 0,
    stop,
    kill: () => end(["SIGKILL"]),
  };
}

/** The environment variables of the guard. */
function guardVariablesFor(options: SoketiOptions): Record<string, string> {
  const { allowedOrigins = [], allow = [], frameLimit } = options;
  return {
    SOKETI_ALLOWED_ORIGINS: allowedOrigins.join(","),
    SOKETI_ALLOW: allow.join(","),
    ...(frameLimit && {
      SOKETI_FRAMES_PER_SECOND: String(frameLimit.perSecond),
      SOKETI_FRAME_BURST: String(frameLimit.burst),
    }),
  };
}

interface Launch extends Required<Pick<SoketiOptions, "say" | "guarded">> {
  readonly configFile: string;
  readonly port: number;
  readonly guardVariables: Readonly<Record<string, string>>;
}

function launch({ configFile, port, say, guarded, guardVariables }: Launch): ChildProcess {
  const { node, guard, server } = soketiPaths;
  // Soketi reads SOKETI_* and the .env of its working folder: it must not find the project's.
  const preload = guarded ? ["-r", guard] : [];
  const child = spawn(node, [...preload, server, "start", `--config=${configFile}`], {
    cwd: SOKETI_HOME,
    env: bareEnv({
      HOME: process.env.HOME ?? SOKETI_HOME,
      NODE_NO_WARNINGS: "1",
      ...guardVariables,
      SOKETI_HOST: LOOPBACK,
      SOKETI_PORT: String(port),
    }),
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  if (child.pid !== undefined) child.once("exit", endWithUs(child.pid, "TERM"));
  child.once("error", (error) => say(`Soketi: ${error.message}`));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => say(`Soketi: ${text.trim()}`));
  return child;
}

async function isReady(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(1000);
    return (await fetch(`http://${LOOPBACK}:${port}/ready`, { signal })).ok;
  } catch {
    return false;
  }
}
