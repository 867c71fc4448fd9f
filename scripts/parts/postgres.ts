import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import postgres from "postgres";
import { keepRunning } from "./keep-running.ts";
import { PartError } from "./part-error.ts";
import { demandPort, freePort, LOOPBACK } from "./ports.ts";
import { postgresBinaries } from "./postgres-binaries.ts";
import { OWNER, ownerPassword, prepareFolder } from "./postgres-folder.ts";
import { clearLock, noteStarter, readPostmaster } from "./postgres-lock.ts";
import { demandReachable, postgresUser, type RunAs } from "./postgres-user.ts";
import { bareEnv, endProcess, isAlive } from "./processes.ts";
import { until } from "./until.ts";

export interface PostgresOptions {
  /** Kept between runs; made when missing. */
  readonly dataDir: string;
  /** Must be free. Default: any free one. */
  readonly port?: number;
  /** Created when missing. Default "inkwell". */
  readonly database?: string;
  /** False skips every wait for the disk: for tests, whose data nobody misses after a power cut. */
  readonly durable?: boolean;
  /** Further settings of the server, e.g. `unix_socket_directories`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Starts the server again on its port whenever it ends. Default false. */
  readonly restart?: boolean;
  /** Called with a line about each end and start that follows. Default: none. */
  readonly say?: (line: string) => void;
}

export interface RunningPostgres {
  /** Connects as the superuser that owns the cluster: for migrations, never for the app. */
  readonly ownerUrl: string;
  readonly port: number;
  /** Of the process that runs now; changes with every restart. */
  readonly pid: number;
  /** Fast shutdown; resolves when the server has gone. */
  readonly stop: () => Promise<void>;
}

const FORGETFUL = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/**
 * Starts the embedded Postgres 18 on 127.0.0.1, making its data folder first when there is none.
 *
 * @throws PartError, with a way out, for everything a person can put right.
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

/** Detached, so that Ctrl-C in the terminal reaches us alone and the database is stopped last. */
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
  child.once("error", () => {}); // a failed spawn has no pid, which is seen below
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
  throw new PartError(`Postgres did not start: ${lastWords(logFile)}`, {
    code: "start-failed",
    wayOut: `The whole story is in ${logFile}. \`npm run reset\` starts over with fresh data.`,
  });
}

function isReady(dataDir: string, pid: number): boolean {
  const postmaster = readPostmaster(dataDir);
  return postmaster?.pid === pid && postmaster.ready;
}

function lastWords(logFile: string): string {
  const lines = readFileSync(logFile, "utf8").trim().split("\n");
  return lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? "it said nothing";
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
