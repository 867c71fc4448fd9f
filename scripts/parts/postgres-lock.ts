import { readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { PartError } from "./part-error.ts";
import { commandLine, endProcess, isAlive } from "./processes.ts";

/** What the server writes about itself; `ready` once it accepts connections. */
export interface Postmaster {
  readonly pid: number;
  readonly ready: boolean;
}

export function readPostmaster(dataDir: string): Postmaster | null {
  const lines = read(join(dataDir, "postmaster.pid")).split("\n");
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, ready: lines[7]?.trim() === "ready" } : null;
}

/**
 * Clears the way for a start: a stale lock is removed, a server whose starter was killed is stopped,
 * and one whose starter still lives is left alone.
 *
 * @throws PartError `in-use`, `start-failed`.
 */
export async function clearLock(dataDir: string): Promise<void> {
  const found = readPostmaster(dataDir);
  if (!found) return;
  // After a crash of the machine the id may belong to somebody else by now.
  if (!(isAlive(found.pid) && commandLine(found.pid).includes(dataDir))) {
    await rm(join(dataDir, "postmaster.pid"), { force: true });
    return;
  }
  const starter = Number(read(starterFile(dataDir)));
  if (starter > 0 && starter !== process.pid && isAlive(starter)) {
    throw new PartError(
      `${dataDir} is in use: process ${starter} started a Postgres on it (process ${found.pid}).`,
      {
        code: "in-use",
        wayOut: `Stop that one first (Ctrl-C in its terminal, or \`kill ${starter}\`), or set DATA_DIR to another folder.`,
      },
    );
  }
  if (await endProcess(found.pid, ["SIGINT", "SIGQUIT"], 10_000)) return;
  throw new PartError(
    `A Postgres left over from an earlier run (process ${found.pid}) does not stop.`,
    {
      code: "start-failed",
      wayOut: `End it with \`kill -9 ${found.pid}\` and start again; Postgres recovers its data by itself.`,
    },
  );
}

/** Notes who answers for the server, so that a later start can tell an orphan from a neighbour. */
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
