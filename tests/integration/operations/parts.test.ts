import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterEach, beforeEach, expect, test } from "vitest";
import { demandNode } from "../../../scripts/parts/node-version.ts";
import { PartError } from "../../../scripts/parts/part-error.ts";
import { freePort, isPortFree, LOOPBACK, nextFreePort } from "../../../scripts/parts/ports.ts";
import { startPostgres } from "../../../scripts/parts/postgres/postgres.ts";
import { demandReachable } from "../../../scripts/parts/postgres/postgres-user.ts";
import { isAlive } from "../../../scripts/parts/processes.ts";
import { isReachable } from "../../../scripts/parts/reachable-folder.ts";
import { dataFolder } from "../../../scripts/parts/settings.ts";
import { startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import { until } from "../../../scripts/parts/until.ts";
import { sharedSoketi } from "../../support/broker/soketi.ts";
import { createTestDatabase } from "../../support/database/database.ts";

const run = promisify(execFile);
let folder: string;
const closers: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "querycast-parts-"));
  await chmod(folder, 0o755);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

const dataDir = () => join(folder, "postgres");
const start = async (options: { port?: number } = {}) => {
  const server = await startPostgres({ dataDir: dataDir(), durable: false, ...options });
  closers.push(server.stop);
  return server;
};
/** Another server that listens on a port. */
const occupy = async () => {
  const server = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, LOOPBACK, resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return port;
};
const failure = async (attempt: Promise<unknown>): Promise<PartError> => {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PartError);
  expect((error as PartError).wayOut).not.toBe("");
  return error as PartError;
};

test("each test file gets a separate migrated database, and the application's login role can connect", async () => {
  const database = await createTestDatabase();
  const sql = postgres(database.appUrl, { max: 1 });
  expect(await sql`select current_user as me`).toEqual([{ me: "inkwell_app" }]);
  await sql.end();
  await database.close();
});

test("the shared broker answers", async () => {
  const { host, port } = sharedSoketi();
  expect((await fetch(`http://${host}:${port}/ready`)).status).toBe(200);
});

test("a second start finds the data of the first one", async () => {
  const first = await start();
  const before = postgres(first.ownerUrl, { max: 1 });
  await before`create table kept as select 42 as answer`;
  await before.end();
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);
  const second = await start();
  const after = postgres(second.ownerUrl, { max: 1 });
  expect(await after`select answer from kept`).toEqual([{ answer: 42 }]);
  await after.end();
});

test("a lock left by a crash is ignored, even if another process has its id", async () => {
  await (await start()).stop();
  await writeFile(
    join(dataDir(), "postmaster.pid"),
    `${process.pid}\n${dataDir()}\n1\n1\n\n\n1 1\n`,
  );
  expect((await start()).pid).not.toBe(process.pid);
});

test("a Postgres that is killed is restarted on its port with its data", async () => {
  const said: string[] = [];
  const server = await startPostgres({
    dataDir: dataDir(),
    durable: false,
    restart: true,
    say: (line) => said.push(line),
  });
  closers.push(server.stop);
  const sql = postgres(server.ownerUrl, { max: 1, onnotice: () => {} });
  closers.push(() => sql.end());
  await sql`create table kept as select 42 as answer`;
  await sql`checkpoint`; // This server does not wait for the disk.
  for (let kills = 1; kills <= 2; kills += 1) {
    const { pid } = server;
    process.kill(pid, "SIGKILL");
    const answers = async () => {
      const [row] = await sql<{ answer: number }[]>`select answer from kept`.catch(() => []);
      return server.pid !== pid && row?.answer === 42;
    };
    expect(await until(answers, { timeoutMs: 60_000, everyMs: 100 })).toBe(true);
    expect(said.filter((line) => line.includes("SIGKILL"))).toHaveLength(kills);
  }
  await server.stop();
  expect(isAlive(server.pid)).toBe(false);
});

test("a server whose starter was killed ends with it or is ended by the next start", async () => {
  const script = `
    import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, "../../../scripts/parts/postgres/postgres.ts"))};
    const { pid } = await startPostgres({ dataDir: ${JSON.stringify(dataDir())}, durable: false });
    console.log(pid);
    setInterval(() => {}, 1000);`;
  const starter = spawn(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", script],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await once(starter.stdout, "data")) as [Buffer];
  const orphan = Number(line.toString());
  expect(isAlive(orphan)).toBe(true);
  starter.kill("SIGKILL");
  await once(starter, "exit");
  const server = await start();
  expect(isAlive(orphan)).toBe(false);
  expect(isAlive(server.pid)).toBe(true);
});

test("a data folder that is in use is not touched, and the error contains the process id", async () => {
  const first = await start();
  await writeFile(`${dataDir()}.starter`, String(process.ppid));
  const error = await failure(startPostgres({ dataDir: dataDir() }));
  expect(error.code).toBe("in-use");
  expect(error.message).toContain(String(process.ppid));
  expect(isAlive(first.pid)).toBe(true);
});

test("a half-initialised data folder is not touched, and the error contains the remedy", async () => {
  await mkdir(dataDir());
  await writeFile(join(dataDir(), "PG_VERSION"), "18\n");
  const error = await failure(startPostgres({ dataDir: dataDir() }));
  expect(error.code).toBe("half-initialised");
  expect(error.wayOut).toContain("npm run reset");
  expect(await readFile(join(dataDir(), "PG_VERSION"), "utf8")).toBe("18\n");
});

test("an interrupted initialisation leaves nothing behind", async () => {
  await mkdir(`${dataDir()}.initialising`);
  await writeFile(join(`${dataDir()}.initialising`, "PG_VERSION"), "18\n");
  expect(isAlive((await start()).pid)).toBe(true);
});

test("a data folder of another Postgres version is refused, and the error contains the version", async () => {
  await (await start()).stop();
  await writeFile(join(dataDir(), "PG_VERSION"), "17\n");
  expect((await failure(startPostgres({ dataDir: dataDir() }))).code).toBe("wrong-version");
});

test("a DATA_DIR that Postgres's account cannot enter is refused, and the error contains the folder", async () => {
  await chmod(folder, 0o700);
  const [uid, gid] = [64_000, 64_000];
  const attempt = () => demandReachable(dataDir(), { uid, gid });
  expect(attempt).toThrow(`cannot enter ${folder}`);
  await chmod(folder, 0o711);
  expect(attempt).not.toThrow();
});

test("a project that Postgres's account cannot enter stores its data outside", async () => {
  await chmod(folder, 0o700);
  const project = join(folder, "project");
  const data = dataFolder({}, project);
  if (process.getuid?.() !== 0) return expect(data).toBe(join(project, ".data"));
  expect(isReachable(join(data, "postgres"))).toBe(true);
  expect(data).toContain("querycast-project-");
  expect(dataFolder({}, join(folder, "other", "project"))).not.toBe(data);
  expect(dataFolder({ DATA_DIR: "chosen" }, project)).toBe(join(project, "chosen"));
  await chmod(folder, 0o755);
  expect(dataFolder({}, project)).toBe(join(project, ".data"));
});

test("a port that is in use is refused for Postgres and Soketi, and the error contains its number", async () => {
  const port = await occupy();
  const attempts = [() => startPostgres({ dataDir: dataDir(), port }), () => startSoketi({ port })];
  for (const attempt of attempts) {
    const error = await failure(attempt());
    expect(error.code).toBe("port-taken");
    expect(error.message).toContain(String(port));
  }
});

test("a second Soketi on the port of the first one is refused", async () => {
  const { port } = sharedSoketi();
  expect((await failure(startSoketi({ port }))).code).toBe("port-taken");
});

test("free ports are below the ephemeral range, and each is returned once", async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  expect(new Set(ports).size).toBe(50);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

test("processes that run at the same time get different free ports", async () => {
  const program = `
    import { freePort } from "./scripts/parts/ports.ts";
    const ports = [];
    for (let n = 0; n < 50; n += 1) ports.push(await freePort());
    console.log(JSON.stringify(ports));`;
  const runs = Array.from({ length: 3 }, () =>
    run(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program]),
  );
  const ports = (await Promise.all(runs)).flatMap(({ stdout }) => JSON.parse(stdout) as number[]);
  expect(new Set(ports).size).toBe(150);
});

test("a free port is found free also when a long task of the process delays the check", async () => {
  const port = await freePort();
  const isFree = isPortFree(port);
  const endMs = Date.now() + 1_300; // longer than a check waits for an answer
  while (Date.now() < endMs);
  expect(await isFree).toBe(true);
});

test("the next free port skips one that is in use", async () => {
  const taken = await occupy();
  const found = await nextFreePort(taken);
  expect(found).not.toBe(taken);
  expect(await isPortFree(found)).toBe(true);
});

test("a killed Soketi restarts on its port, a stopped one does not", async () => {
  const soketi = await startSoketi({ restart: true });
  closers.push(soketi.stop);
  const before = soketi.pid();
  await soketi.kill();
  const ready = async () => {
    try {
      return (await fetch(`http://${soketi.host}:${soketi.port}/ready`)).ok;
    } catch {
      return false;
    }
  };
  expect(await until(ready, { timeoutMs: 15_000 })).toBe(true);
  expect(soketi.pid()).not.toBe(before);
  await soketi.stop();
  expect(isAlive(soketi.pid())).toBe(false);
  expect(await isPortFree(soketi.port)).toBe(true);
});

test("a soketi.json without dotted keys is refused, and the error contains its path", async () => {
  const configFile = join(folder, "soketi.json");
  await writeFile(configFile, JSON.stringify({ appManager: { array: { apps: [] } } }));
  const error = await failure(startSoketi({ configFile }));
  expect(error.message).toContain(configFile);
  expect(error.wayOut).toContain("dotted keys");
});

test("an old Node is refused, and the error contains its version", () => {
  expect(() => demandNode("18.20.0")).toThrow(
    "This is Node 18.20.0; Node 20.12 or newer is needed.",
  );
  expect(() => demandNode("24.1.0")).not.toThrow();
});
