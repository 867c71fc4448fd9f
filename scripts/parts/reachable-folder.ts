import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { PartError } from "./part-error.ts";
import { closedOnTheWay, knownPostgresUser, type RunAs } from "./postgres/postgres-user.ts";

/** `/var/lib` keeps application state across reboots. */
const parents = ["/var/lib", tmpdir()];

/** An account that does not exist yet. It has only the permissions of "other". */
const stranger: RunAs = { uid: -1, gid: -1 };

/** Whether the account that runs Postgres can enter each folder above this path. Always true unless root. */
export function isReachable(path: string): boolean {
  if (process.getuid?.() !== 0) return true;
  return closedOnTheWay(path, knownPostgresUser() ?? stranger) === null;
}

/**
 * Replaces the project's `.data` when the account that runs Postgres cannot enter the project, e.g. below
 * /root or in a folder of mode 700. Its name contains a hash of the project's path, so that two projects
 * never share it and `npm run reset` finds it.
 */
export function reachableFolder(root: string): string {
  const hash = createHash("sha256").update(root).digest("hex").slice(0, 8);
  const parent = parents.find((each) => isReachable(join(each, "x"))) ?? tmpdir();
  return join(parent, `querycast-${basename(root)}-${hash}`.replaceAll(/[^\w./-]/g, "_"));
}

/**
 * Creates a folder for the embedded parts. As root, it gets the execute permission for all accounts,
 * independent of the umask, so that Postgres can enter it; a new folder is not readable for others.
 *
 * @throws PartError `unreachable-folder` when root finds a path there that root does not own: in a shared
 * temporary folder another account may have created it.
 */
export function makePassable(folder: string): void {
  const isNew = mkdirSync(folder, { recursive: true }) !== undefined;
  if (process.getuid?.() !== 0) return;
  const stats = lstatSync(folder);
  if (!stats.isDirectory() || stats.uid !== 0) {
    throw new PartError(`${folder} exists and belongs to another account.`, {
      code: "unreachable-folder",
      wayOut: `Remove ${folder}, or set DATA_DIR to a folder of your own.`,
    });
  }
  chmodSync(folder, isNew ? 0o711 : (stats.mode & 0o777) | 0o111);
}
