import { execFileSync } from "node:child_process";
import { type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { PartError } from "./part-error.ts";

/** Whom the server runs as; empty when that is simply the current user. */
export type RunAs = { readonly uid?: number; readonly gid?: number };

const USER = "postgres";

/**
 * Postgres refuses to run as root, so root hands it to the user `postgres`, created when missing
 * (a system account without a password or a shell).
 *
 * @throws PartError `no-user`.
 */
export function postgresUser(): RunAs {
  if (process.getuid?.() !== 0) return {};
  const known = lookUp();
  if (known) return known;
  try {
    execFileSync("useradd", ["--system", "--user-group", "--shell", "/bin/false", USER], {
      stdio: "ignore",
    });
  } catch (cause) {
    throw noUser(cause);
  }
  const created = lookUp();
  if (!created) throw noUser();
  return created;
}

/**
 * Root can open what its `postgres` user cannot: a checkout under /root is the usual case.
 *
 * @throws PartError `unreachable-folder`.
 */
export function demandReachable(path: string, runAs: RunAs): void {
  if (runAs.uid === undefined) return;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats && !mayEnter(stats, runAs)) {
      throw new PartError(
        `Postgres may not run as root, and its user "${USER}" cannot enter ${folder} on the way to ${path}.`,
        {
          code: "unreachable-folder",
          wayOut: `Run this as an ordinary user, move the project out of ${folder}, or open the folder with \`chmod o+x ${folder}\`.`,
        },
      );
    }
    if (folder === dirname(folder)) return;
  }
}

function mayEnter(stats: Stats, { uid, gid }: RunAs): boolean {
  if (stats.uid === uid) return (stats.mode & 0o100) !== 0;
  if (stats.gid === gid) return (stats.mode & 0o010) !== 0;
  return (stats.mode & 0o001) !== 0;
}

function lookUp(): { uid: number; gid: number } | null {
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
