import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The packages that the worker files import, and the pool. */
const packages = [
  "hast-util-sanitize",
  "hast-util-to-html",
  "lowlight",
  "piscina",
  "rehype-highlight",
  "remark-gfm",
  "remark-parse",
  "remark-rehype",
  "unified",
  "unist-util-visit",
] as const;

/**
 * The files that a worker thread loads, as globs below the project folder: its own files and its packages
 * with all their dependencies. A standalone build includes them.
 */
export function workerFiles(root = process.cwd()): string[] {
  const found = new Set<string>();
  const open: { name: string; from: string }[] = packages.map((name) => ({ name, from: "" }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const folder = locate(root, next.name, next.from);
    if (folder === undefined || found.has(folder)) continue;
    found.add(folder);
    const { dependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(root, folder, "package.json"), "utf8"),
    ) as Record<string, Record<string, string> | undefined>;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (name.startsWith("@types/")) continue;
      open.push({ name, from: folder });
    }
  }
  return ["src/lib/rendering/*.mjs", ...[...found].sort().map((folder) => `${folder}/**/*`)];
}

/** Resolves a package from the folder of another package; undefined for an optional one that is not installed. */
function locate(root: string, name: string, from: string): string | undefined {
  const nested = from === "" ? [] : [`${from}/node_modules/${name}`];
  return [...nested, `node_modules/${name}`].find((folder) =>
    existsSync(join(root, folder, "package.json")),
  );
}
