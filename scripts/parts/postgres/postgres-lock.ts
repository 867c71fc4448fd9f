import { readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { PartError } from "../part-error.ts";
import { commandLine, endProcess, isAlive } from "../processes.ts";

/** Content of postmaster.pid. `ready` is true once the server accepts connections. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

export function readPostmaster(dataDir: string): Postmaster | null {
  const lines = read(join(dataDir, "postmaster.pid")).split("\n");
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" } : null;
}

/**
 * Prepares a start: removes a stale lock and stops a server whose starter is dead. A server whose starter is
 * alive keeps running.
 *
 * @throws PartError `in-use`, `start-failed`.
 */
export async function clearLock(dataDir: string): Promise<void> {
  const found = readPostmaster(dataDir);
  if (!found) return;
  // After a reboot the id may belong to another program.
  if (!(isAlive(found.pid) && commandLine(found.pid).includes(dataDir))) {
    await rm(join(dataDir, "postmaster.pid"), { force: true });
    return;
  }
  const starter = Number(read(starterFile(dataDir)));
  if (starter > 0 && starter !== process.pid && isAlive(starter)) {
    throw new PartError(
      `${dataDir} is in use by the Postgres (process ${found.pid}) that process ${starter} started.`,
      {
        code: "in-use",
        wayOut: `Stop it first (Ctrl-C in its terminal, or \`kill ${starter}\`), or set DATA_DIR to another folder.`,
      },
    );
  }
  if (await endProcess(found.pid, ["SIGINT", "SIGQUIT"], 10_000)) return;
  throw new PartError(`A Postgres from an earlier run (process ${found.pid}) does not stop.`, {
    code: "start-failed",
    wayOut: `End it with \`kill -9 ${found.pid}\` and start again. Postgres recovers its data automatically.`,
  });
}

/** Records the id of this process, so that a later start can detect an orphaned server. */
export function noteStarter(dataDir: string): void {
  writeFileSync(starterFile(dataDir), String(process.pid));
}

function starterFile(dataDir: string): string {
  return `${dataDir}.starter`;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
