import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import postgres from "postgres";
import { PartError } from "../part-error.ts";
import { demandPort, freePort, LOOPBACK } from "../ports.ts";
import { bareEnv, endProcess, isAlive } from "../processes.ts";
import { until } from "../until.ts";
import { keepRunning } from "./keep-running.ts";
import { postgresBinaries } from "./postgres-binaries.ts";
import { OWNER, ownerPassword, prepareFolder } from "./postgres-folder.ts";
import { clearLock, noteStarter, readPostmaster } from "./postgres-lock.ts";
import { demandReachable, postgresUser, type RunAs } from "./postgres-user.ts";

export interface PostgresOptions {
  /** Kept between runs. Created when missing. */
  readonly dataDir: string;
  /** Must be free. Default: any free port. */
  readonly port?: number;
  /** Created when missing. Default "inkwell". */
  readonly database?: string;
  /** False turns fsync off, for tests. Default true. */
  readonly durable?: boolean;
  /** Further settings of the server, e.g. `unix_socket_directories`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Restarts the server on the same port whenever it exits. Default false. */
  readonly restart?: boolean;
  /** Called with a line about each exit and restart. Default: none. */
  readonly say?: (line: string) => void;
}

export interface RunningPostgres {
  /** Connects as the superuser that owns the cluster: for migrations, never for the app. */
  readonly ownerUrl: string;
  readonly port: number;
  /** Id of the current process; changes with every restart. */
  readonly pid: number;
  /** Fast shutdown. Resolves when the process has exited. */
  readonly stop: () => Promise<void>;
}

const FORGETFUL = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/**
 * Starts the embedded Postgres 18 on 127.0.0.1. Creates its data folder when it is missing.
 *
 * @throws PartError when the user can fix the cause.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = resolve(options.dataDir);
  const runAs = postgresUser();
  demandReachable(dataDir, runAs);
  const binaries = postgresBinaries();
  await prepareFolder(dataDir, binaries.initdb, runAs);
  await clearLock(dataDir);
  if (options.port !== undefined) await demandPort(options.port, "Postgres", "POSTGRES_PORT");
  const port = options.port ?? (await freePort());

  const settings = [
    `listen_addresses=${LOOPBACK}`,
    "unix_socket_directories=",
    ...(options.durable === false ? FORGETFUL : []),
    ...Object.entries(options.settings ?? {}).map(([name, value]) => `${name}=${value}`),
  ];
  const flags = ["-D", dataDir, "-p", String(port), ...settings.flatMap((each) => ["-c", each])];
  const server = await keepRunning(() => launch(binaries.postgres, flags, dataDir, runAs), {
    restart: options.restart ?? false,
    beforeRestart: () => clearLock(dataDir),
    say: options.say ?? (() => {}),
  });
  try {
    const ownerUrl = await ensureDatabase(dataDir, port, options.database ?? "inkwell");
    return {
      ownerUrl,
      port,
      get pid() {
        return server.pid();
      },
      stop: server.stop,
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Detached, so that Ctrl-C in the terminal does not reach the server: it is stopped last. */
async function launch(
  bin: string,
  flags: string[],
  dataDir: string,
  runAs: RunAs,
): Promise<ChildProcess> {
  const logFile = `${dataDir}.log`;
  const log = openSync(logFile, "w");
  const child = spawn(bin, flags, {
    ...runAs,
    cwd: "/",
    env: bareEnv({ LC_ALL: "C" }),
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  child.once("error", () => {}); // a failed spawn has no pid, checked below
  const pid = child.pid;
  if (pid !== undefined) {
    noteStarter(dataDir);
    const settled = () => !isAlive(pid) || isReady(dataDir, pid);
    await until(settled, { timeoutMs: 60_000 });
    if (isReady(dataDir, pid)) {
      child.unref();
      return child;
    }
    await endProcess(pid, ["SIGQUIT", "SIGKILL"]);
  }
  throw new PartError(`Postgres did not start: ${lastError(logFile)}`, {
    code: "start-failed",
    wayOut: `${logFile} contains the full log. \`npm run reset\` deletes the data and starts afresh.`,
  });
}

function isReady(dataDir: string, pid: number): boolean {
  const postmaster = readPostmaster(dataDir);
  return postmaster?.pid === pid && postmaster.ready;
}

function lastError(logFile: string): string {
  const lines = readFileSync(logFile, "utf8").trim().split("\n");
  return lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? "its log is empty";
}

async function ensureDatabase(dataDir: string, port: number, database: string): Promise<string> {
  const base = `postgres://${OWNER}:${ownerPassword(dataDir)}@${LOOPBACK}:${port}`;
  const sql = postgres(`${base}/postgres`, { max: 1, onnotice: () => {} });
  try {
    const found = await sql`select from pg_database where datname = ${database}`;
    if (found.length === 0) await sql`create database ${sql(database)}`;
  } finally {
    await sql.end();
  }
  return `${base}/${database}`;
}
