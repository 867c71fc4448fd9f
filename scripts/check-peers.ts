/**
 * Installs the packed library twice, with the oldest and with the newest peer versions that its ranges
 * allow, and runs scripts/peers/program.mjs in each folder: a real page and a real server. A third folder has
 * the required peers only; scripts/peers/least.mjs imports every entry there.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { main } from "./parts/main.ts";
import { startPostgres } from "./parts/postgres/postgres.ts";
import { ROOT } from "./parts/settings.ts";
import { startSoketi } from "./parts/soketi/soketi.ts";

type Ranges = Readonly<Record<string, string>>;

/** Entries that do not load beside the required peers, and the optional peer that each of them is for. */
const entriesForOptionalPeers: Readonly<Record<string, string>> = {
  "querycast/devtools": "react-dom",
  "querycast/drizzle": "drizzle-orm",
  "querycast/postgres-js": "postgres",
  "querycast/transports/pusher/server": "pusher",
};

/** The lowest version of a range such as `^18.2.0 || ^19.0.0`. */
function oldestOf(range: string): string {
  const [version] = /\d+\.\d+\.\d+/.exec(range) ?? [];
  if (version === undefined) throw new Error(`The peer range "${range}" contains no version.`);
  return version;
}

/** The last alternative of a range: npm installs the highest version that it allows. */
const newestOf = (range: string): string => range.split("||").at(-1)?.trim() ?? range;

interface Packed {
  readonly tarball: string;
  readonly peers: Ranges;
  readonly optional: readonly string[];
}

function pack(folder: string): Packed {
  const npm = (args: readonly string[], cwd: string) =>
    execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  npm(["run", "--silent", "build:library"], ROOT);
  const dist = join(ROOT, "dist");
  const name = npm(["pack", "--silent", "--pack-destination", folder], dist).trim();
  const manifest = JSON.parse(readFileSync(join(dist, "package.json"), "utf8")) as {
    readonly peerDependencies: Ranges;
    readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
  };
  return {
    tarball: join(folder, name),
    peers: manifest.peerDependencies,
    optional: Object.keys(manifest.peerDependenciesMeta),
  };
}

function install(folder: string, tarball: string, peers: Ranges): void {
  mkdirSync(folder);
  const dependencies = { ...peers, querycast: `file:${tarball}` };
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ type: "module", private: true, dependencies }),
  );
  // Fails when the peers conflict with each other.
  const flags = ["install", "--no-audit", "--no-fund", "--silent", "--strict-peer-deps"];
  execFileSync("npm", flags, { cwd: folder, stdio: "inherit" });
}

/** Runs a program of scripts/peers in a folder, so that it imports the packages of the folder. */
function run(folder: string, program: string, parts: object): void {
  copyFileSync(join(ROOT, "scripts/peers", program), join(folder, program));
  execFileSync(process.execPath, [program], {
    cwd: folder,
    stdio: "inherit",
    timeout: 120_000,
    env: { ...process.env, PEER_PARTS: JSON.stringify(parts) },
  });
}

function installed(folder: string, peers: Ranges): string {
  const versions = Object.keys(peers).map((name) => {
    const path = join(folder, "node_modules", name, "package.json");
    const { version } = JSON.parse(readFileSync(path, "utf8")) as { readonly version: string };
    return `${name} ${version}`;
  });
  return versions.join(", ");
}

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), "querycast-peers-"));
  // Postgres may run as another user than this script.
  chmodSync(folder, 0o755);
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const { tarball, peers, optional } = pack(folder);
    const required = Object.entries(peers).filter(([name]) => !optional.includes(name));
    const least = join(folder, "least");
    install(least, tarball, Object.fromEntries(required));
    // TanStack Query requires React itself.
    const absent = optional.filter((name) => name !== "react");
    run(least, "least.mjs", { absent, missing: entriesForOptionalPeers });
    console.log("required peers only: every entry loads, or names its optional peer.");

    const server = await startPostgres({ dataDir: join(folder, "postgres"), durable: false });
    closers.push(server.stop);
    const soketi = await startSoketi();
    closers.push(soketi.stop);
    const owner = postgres(server.ownerUrl, { max: 1, onnotice: () => {} });
    closers.push(() => owner.end());
    const { host, port, appId, key, secret } = soketi;

    for (const [end, pick] of [["oldest", oldestOf] as const, ["newest", newestOf] as const]) {
      const chosen = Object.entries(peers).map(([name, range]) => [name, pick(range)]);
      const place = join(folder, end);
      install(place, tarball, Object.fromEntries(chosen));
      console.log(`${end}: ${installed(place, peers)}`);
      await owner`create database ${owner(end)}`;
      const databaseUrl = new URL(server.ownerUrl);
      databaseUrl.pathname = end;
      const parts = {
        root: join(ROOT, "package.json"),
        databaseUrl: databaseUrl.href,
        soketi: { host, port, appId, key, secret },
      };
      run(place, "program.mjs", parts);
      console.log(`${end}: the page shows the row that the server wrote.`);
    }
    return 0;
  } finally {
    for (const close of closers.reverse()) await close();
  }
});
