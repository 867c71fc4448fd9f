import { execFileSync } from "node:child_process";
import { type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { PartError } from "../part-error.ts";

/** The account that the server runs as. Empty: the current account. */
export type RunAs = { readonly uid?: number; readonly gid?: number };

const USER = "postgres";

/**
 * The account to run Postgres as. Postgres refuses to run as root, so root starts it as the user
 * `postgres`. This system account without password or shell is created when it is missing.
 *
 * @throws PartError `no-user`.
 */
export function postgresUser(): RunAs {
  if (process.getuid?.() !== 0) return {};
  const known = knownPostgresUser();
  if (known) return known;
  try {
    execFileSync("useradd", ["--system", "--user-group", "--shell", "/bin/false", USER], {
      stdio: "ignore",
    });
  } catch (cause) {
    throw noUser(cause);
  }
  const created = knownPostgresUser();
  if (!created) throw noUser();
  return created;
}

/**
 * Checks that the account can reach the configured path.
 *
 * @throws PartError `unreachable-folder`.
 */
export function demandReachable(path: string, runAs: RunAs): void {
  const folder = closedOnTheWay(path, runAs);
  if (folder === null) return;
  throw new PartError(
    `Postgres may not run as root, and its user "${USER}" cannot enter ${folder} on the way to ${path}.`,
    {
      code: "unreachable-folder",
      wayOut: `Unset DATA_DIR to use a default folder that works, or open this one with \`chmod o+x ${folder}\`.`,
    },
  );
}

/** The nearest parent folder of `path` that the account cannot enter, or null. */
export function closedOnTheWay(path: string, runAs: RunAs): string | null {
  if (runAs.uid === undefined) return null;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats && !mayEnter(stats, runAs)) return folder;
    if (folder === dirname(folder)) return null;
  }
}

function mayEnter(stats: Stats, { uid, gid }: RunAs): boolean {
  if (stats.uid === uid) return (stats.mode & 0o100) !== 0;
  if (stats.gid === gid) return (stats.mode & 0o010) !== 0;
  return (stats.mode & 0o001) !== 0;
}

/** The account `postgres` of this machine, or null when it does not exist. */
export function knownPostgresUser(): { uid: number; gid: number } | null {
  try {
    const id = (flag: string) => Number(execFileSync("id", [flag, USER], { stdio: "pipe" }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return null;
  }
}

function noUser(cause?: unknown): PartError {
  return new PartError(
    `Postgres may not run as root, and the user "${USER}" could not be created.`,
    {
      code: "no-user",
      wayOut: `Run this as an ordinary user, or create it: \`useradd --system --user-group ${USER}\`.`,
      cause,
    },
  );
}
