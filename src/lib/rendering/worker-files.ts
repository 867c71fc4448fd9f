import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The packages that the worker's own files import, and the pool. */
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
 * The files that a worker thread loads, as globs below the project's folder: the worker's own, and the
 * packages it imports with everything those depend on. A standalone build carries these files.
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

/** Where Node finds a package from a package's folder; undefined for an optional one that is not there. */
function locate(root: string, name: string, from: string): string | undefined {
  const nested = from === "" ? [] : [`${from}/node_modules/${name}`];
  return [...nested, `node_modules/${name}`].find((folder) =>
    existsSync(join(root, folder, "package.json")),
  );
}
