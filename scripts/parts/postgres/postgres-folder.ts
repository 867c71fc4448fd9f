import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { PartError } from "../part-error.ts";
import { bareEnv } from "../processes.ts";
import type { RunAs } from "./postgres-user.ts";

export const OWNER = "postgres";
const MAJOR = "18";
const PASSWORD_FILE = "querycast-password";
const WAY_OUT = "`npm run reset` deletes it with its data; the next start creates a new one.";

/** Reads the owner's password from the data folder, which only the server's user can open. */
export function ownerPassword(dataDir: string): string {
  return readFileSync(join(dataDir, PASSWORD_FILE), "utf8").trim();
}

/**
 * Creates the data folder when it is missing. It is initialised under a temporary name and renamed when it
 * is complete, so that an interrupted start leaves no partial folder.
 *
 * @throws PartError `half-initialised`, `wrong-version`, `start-failed`.
 */
export async function prepareFolder(dataDir: string, initdb: string, runAs: RunAs): Promise<void> {
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) return checkFolder(dataDir);
  const draft = `${dataDir}.initialising`;
  await rm(draft, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
  mkdirSync(dirname(dataDir), { recursive: true });
  mkdirSync(draft, { mode: 0o700 });
  own(draft, runAs);

  const passwordFile = `${draft}.password`;
  writeFileSync(passwordFile, randomBytes(18).toString("base64url"), { mode: 0o600 });
  own(passwordFile, runAs);
  const flags = ["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", `--username=${OWNER}`];
  try {
    await promisify(execFile)(
      initdb,
      [`--pgdata=${draft}`, `--pwfile=${passwordFile}`, "--no-instructions", ...flags],
      { ...runAs, cwd: "/", env: bareEnv({ LC_ALL: "C" }) },
    );
    await rename(passwordFile, join(draft, PASSWORD_FILE));
    await rename(draft, dataDir);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
    const said = (cause as { stderr?: string }).stderr?.trim().split("\n").at(-1);
    throw new PartError(
      `Postgres could not create its data folder ${dataDir}${said ? `: ${said}` : "."}`,
      {
        code: "start-failed",
        wayOut:
          "Check the free space and the permissions of its parent folder, or set DATA_DIR to another folder.",
        cause,
      },
    );
  }
}

function checkFolder(dataDir: string): void {
  const has = (file: string) => existsSync(join(dataDir, file));
  if (!["PG_VERSION", "global/pg_control", "postgresql.conf", PASSWORD_FILE].every(has)) {
    throw new PartError(
      `${dataDir} is not a complete Postgres data folder: its initialisation was interrupted, or it contains other files.`,
      { code: "half-initialised", wayOut: WAY_OUT },
    );
  }
  const version = readFileSync(join(dataDir, "PG_VERSION"), "utf8").trim();
  if (version !== MAJOR) {
    throw new PartError(
      `${dataDir} was written by Postgres ${version}, this is Postgres ${MAJOR}.`,
      { code: "wrong-version", wayOut: WAY_OUT },
    );
  }
}

function own(path: string, runAs: RunAs): void {
  if (runAs.uid !== undefined && runAs.gid !== undefined) chownSync(path, runAs.uid, runAs.gid);
}
