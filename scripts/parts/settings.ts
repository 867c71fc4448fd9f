import { createHmac, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { PartError } from "./part-error.ts";
import { isReachable, makePassable, reachableFolder } from "./reachable-folder.ts";

export type Variables = Readonly<Record<string, string>>;

export const ROOT = join(import.meta.dirname, "..", "..");

/** The shell's variables, over `.env.local`, over `.env`. A line `NAME=` means "not set". */
export function readVariables(shell: NodeJS.ProcessEnv = process.env): Variables {
  const files = [".env", ".env.local"]
    .map((name) => join(ROOT, name))
    .filter((path) => existsSync(path));
  const written = files.map((path) => parseEnv(readFileSync(path, "utf8")));
  const all: Record<string, string | undefined> = Object.assign({}, ...written, shell);
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}

/**
 * The data folder of the embedded parts: DATA_DIR, else `.data` in the project. When the account that runs
 * Postgres cannot enter the project: {@link reachableFolder}.
 */
export function dataFolder(variables: Variables, root = ROOT): string {
  if (variables.DATA_DIR) return resolve(root, variables.DATA_DIR);
  const folder = join(root, ".data");
  return isReachable(join(folder, "postgres")) ? folder : reachableFolder(root);
}

/** @throws PartError when the variable is not a port. */
export function portSetting(variables: Variables, name: string): number | undefined {
  const text = variables[name];
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new PartError(`${name} is "${text}", which is not a port.`, {
    code: "start-failed",
    wayOut: `Set ${name} to a whole number from 1 to 65535, or unset it.`,
  });
}

/** Created once and stored with the data, so that sessions survive a restart. */
export function keptSecret(folder: string, name: string): string {
  const path = join(folder, name);
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  const secret = randomBytes(32).toString("base64url");
  makePassable(folder);
  writeFileSync(path, secret, { mode: 0o600 });
  return secret;
}

/** The key that signs observations: EVIDENCE_KEY, else one that is stored with the data. */
export function evidenceKey(variables: Variables, folder: string): string {
  return variables.EVIDENCE_KEY ?? keptSecret(folder, "evidence-key");
}

/** The same server, as the login role of the application. */
export function appUrlFrom(ownerUrl: string, secret: string): string {
  const url = new URL(ownerUrl);
  url.username = "inkwell_app";
  url.password = createHmac("sha256", secret).update("inkwell_app").digest("base64url");
  return url.href;
}
