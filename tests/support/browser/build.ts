import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..", "..");
const sources = [
  ...["app", "inngest", "src", "public"],
  ...["instrumentation.ts", "instrumentation-node.ts", "proxy.ts", "next.config.ts"],
  "package-lock.json",
];

/** Builds for production when the build is missing or older than the sources. */
export function ensureBuild(): void {
  const build = join(root, ".next", "BUILD_ID");
  if (existsSync(build) && statSync(build).mtimeMs > newest()) return;
  const bin = join(root, "node_modules", "next", "dist", "bin", "next");
  const { status } = spawnSync(process.execPath, [bin, "build"], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("The production build failed. See its output above.");
}

function newest(): number {
  const times = sources
    .map((path) => join(root, path))
    .filter((path) => existsSync(path))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]))
    .filter((path) => !/\.test(-d)?\.tsx?$/.test(path))
    .map((path) => statSync(path).mtimeMs);
  return Math.max(...times);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
