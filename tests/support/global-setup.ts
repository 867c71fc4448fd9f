import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startPostgres } from "../../scripts/parts/postgres.ts";
import { startSoketi } from "../../scripts/parts/soketi.ts";
import type { SoketiApp, SoketiConnection } from "./soketi.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** One for each worker. */
    readonly postgresUrls: readonly string[];
    readonly soketi: SoketiConnection;
    /** Apps of the same Soketi, for stacks that must not hear each other. */
    readonly soketiApps: readonly SoketiApp[];
  }
}

/** A Postgres for each worker and one Soketi for all, on free ports, in a folder that goes with them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "querycast-test-"));
  await chmod(folder, 0o755); // the server may run as another user than we do
  const clusters = await Promise.all(
    Array.from({ length: project.config.maxWorkers }, (_, n) =>
      startPostgres({ dataDir: join(folder, `postgres-${n + 1}`), durable: false }),
    ),
  );
  const { configFile, apps } = await configureApps(folder);
  const { pid, stop, kill, ...connection } = await startSoketi({ configFile, restart: true });
  project.provide(
    "postgresUrls",
    clusters.map(({ ownerUrl }) => ownerUrl),
  );
  project.provide("soketi", connection);
  project.provide("soketiApps", apps);
  return async () => {
    await Promise.all([...clusters.map((each) => each.stop()), stop()]);
    await rm(folder, { recursive: true, force: true });
  };
}

/** The project's own configuration with many more apps, each like its first. */
async function configureApps(folder: string) {
  const config = JSON.parse(await readFile("soketi.json", "utf8"));
  const given: object[] = config["appManager.array.apps"];
  const apps = Array.from({ length: 64 }, (_, n) => ({
    ...given[0],
    id: `test-${n}`,
    key: `test-key-${n}`,
    secret: `test-secret-${n}`,
  }));
  const configFile = join(folder, "soketi.json");
  const whole = { ...config, "appManager.array.apps": [...given, ...apps] };
  await writeFile(configFile, JSON.stringify(whole));
  return {
    configFile,
    apps: apps.map(({ id, key, secret }): SoketiApp => ({ appId: id, key, secret })),
  };
}
