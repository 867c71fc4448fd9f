import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PartError } from "../part-error.ts";

/** Soketi has a separate folder because it needs Node 20, independent of the site's Node. */
export const SOKETI_HOME = join(import.meta.dirname, "..", "..", "..", "tools", "soketi");

export const soketiPaths = {
  node: join(SOKETI_HOME, "node_modules", "node", "bin", "node"),
  guard: join(SOKETI_HOME, "guard", "guard.cjs"),
  server: join(SOKETI_HOME, "node_modules", "@soketi", "soketi", "bin", "server.js"),
};

/**
 * Installs Soketi when it is missing. Takes about half a minute.
 *
 * @throws PartError `not-installed`.
 */
export async function ensureSoketi(say: (line: string) => void): Promise<void> {
  if (Object.values(soketiPaths).every((path) => existsSync(path))) return;
  say("Installing Soketi into tools/soketi (once, about half a minute)");
  const code = await new Promise<number | null>((resolve) => {
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    const child = spawn(npm, args, { cwd: SOKETI_HOME, stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", () => resolve(null));
    child.once("exit", resolve);
  });
  if (code === 0) return;
  throw new PartError("Soketi could not be installed.", {
    code: "not-installed",
    wayOut:
      "Run `npm ci --prefix tools/soketi` and read its output, or set SOKETI_HOST and the PUSHER_* variables to your own broker.",
  });
}
