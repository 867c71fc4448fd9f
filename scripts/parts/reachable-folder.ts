import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { PartError } from "./part-error.ts";
import { closedOnTheWay, knownPostgresUser, type RunAs } from "./postgres-user.ts";

/** `/var/lib` is the system's place for state that outlives a restart. */
const parents = ["/var/lib", tmpdir()];

/** An account that does not exist yet: it has only the rights that everybody has. */
const stranger: RunAs = { uid: -1, gid: -1 };

/** Whether the account that runs Postgres can enter everything down to this path. True unless we are root. */
export function isReachable(path: string): boolean {
  if (process.getuid?.() !== 0) return true;
  return closedOnTheWay(path, knownPostgresUser() ?? stranger) === null;
}

/**
 * The folder that stands in for the project's own when Postgres's account cannot enter the project (root
 * works in /root, or in a folder of mode 700). Its name contains a hash of the project's path, so that two
 * projects never share it and `npm run reset` finds it.
 */
export function reachableFolder(root: string): string {
  const hash = createHash("sha256").update(root).digest("hex").slice(0, 8);
  const parent = parents.find((each) => isReachable(join(each, "x"))) ?? tmpdir();
  return join(parent, `querycast-${basename(root)}-${hash}`.replaceAll(/[^\w./-]/g, "_"));
}

/**
 * Makes a folder for the embedded parts. When we are root, Postgres's account may pass through it, whatever
 * the umask is; a new folder is not listed for other accounts.
 *
 * @throws PartError `unreachable-folder` when root finds something there that is no folder of root's: in a
 * shared temporary folder another account may have put it there.
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
