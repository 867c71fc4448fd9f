import { execFile } from "node:child_process";
import { access, appendFile, chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Closers } from "../../../scripts/site/site-context.ts";
import { createDatabase } from "../../../scripts/site/site-database.ts";
import { searchPath, siteTemplate } from "../runner/environment.ts";

/** Settings of Postgres that save time: a killed server loses nothing by them, only a machine that crashes does. */
const forgetful = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n";

/** A temporary folder that the account of the database server can enter. */
async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "inkwell-e2e-"));
  await chmod(folder, 0o755);
  return folder;
}

/**
 * Creates the data folder that the sites of the browser tests start with: a database with its tables and demo data.
 * Copying it is faster than creating one for each site.
 *
 * @returns the folder
 */
export async function createTemplate(): Promise<string> {
  const folder = await createFolder();
  const closers: Closers = {};
  const given = { PATH: searchPath };
  try {
    await createDatabase({ mode: "production", given, folder, say: () => {}, closers });
  } finally {
    await closers.database?.();
  }
  await appendFile(join(folder, "postgres", "postgresql.conf"), forgetful);
  return folder;
}

/** A data folder of a new site. */
export async function createSiteFolder(): Promise<string> {
  const folder = await createFolder();
  // Keeps owners and permissions, which Postgres demands. Node's `cp` does not. "/." means: what is in the folder.
  await promisify(execFile)("cp", ["-a", `${siteTemplate()}/.`, folder]);
  await access(join(folder, "postgres", "PG_VERSION")); // else each site would create its own database
  return folder;
}

export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });
