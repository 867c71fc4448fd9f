/**
 * Builds the publishable package into dist/: the compiled library and a separate package.json, because the
 * site has dependencies that users of the library do not need.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { packageDocuments, toPackageDocument } from "./package-documents.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
}

rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});

const rigs = readdirSync("dist", { recursive: true, encoding: "utf8" }).filter((file) =>
  /-rig\./.test(file),
);
if (rigs.length > 0) throw new Error(`The package contains rigs of tests: ${rigs.join(", ")}.`);

const { name, version, description, license, engines } = JSON.parse(
  readFileSync("package.json", "utf8"),
) as Manifest;
const entries = readdirSync("src/realtime")
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replace(/\.ts$/, ""))
  .concat(
    "transports/lazy",
    "transports/pusher/client",
    "transports/pusher/server",
    "transports/pusher/slim",
    "transports/shared/client",
    "transports/sse/client",
    "transports/sse/server",
  );
const exportOf = (entry: string) => [
  entry === "index" ? "." : `./${entry}`,
  { types: `./${entry}.d.ts`, default: `./${entry}.js` },
];

const manifest = {
  name,
  version,
  description,
  license,
  engines,
  type: "module",
  sideEffects: false,
  exports: Object.fromEntries(entries.map(exportOf)),
  peerDependencies: {
    "@tanstack/react-query": "^5.90.1",
    "drizzle-orm": ">=0.44.0 <1.0.0",
    postgres: "^3.4.0",
    "pusher-js": "^8.2.0",
    pusher: "^5.2.0",
    react: "^18.2.0 || ^19.0.0",
    "react-dom": "^18.2.0 || ^19.0.0",
    ws: "^8.0.0",
  },
  peerDependenciesMeta: {
    "drizzle-orm": { optional: true },
    postgres: { optional: true },
    "pusher-js": { optional: true },
    pusher: { optional: true },
    react: { optional: true },
    "react-dom": { optional: true },
    ws: { optional: true },
  },
};
writeFileSync("dist/package.json", `${JSON.stringify(manifest, null, 2)}\n`);
mkdirSync("dist/docs", { recursive: true });
for (const file of packageDocuments) {
  writeFileSync(`dist/${file}`, toPackageDocument(file, readFileSync(file, "utf8")));
}
