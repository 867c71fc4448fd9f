import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startPostgres } from "../../../scripts/parts/postgres/postgres.ts";
import { startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import type { SoketiConfig } from "../../../scripts/parts/soketi/soketi-config.ts";
import type { SoketiApp, SoketiConnection } from "../broker/soketi.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** One URL per worker. */
    readonly postgresUrls: readonly string[];
    readonly soketi: SoketiConnection;
    /** Apps of the same Soketi, for stacks that must not receive each other's signals. */
    readonly soketiApps: readonly SoketiApp[];
  }
}

/** Starts a Postgres per worker and one Soketi, on free ports and in a temporary folder. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "querycast-test-"));
  await chmod(folder, 0o755); // the server may run as another user
  const clusters = await Promise.all(
    Array.from({ length: project.config.maxWorkers }, (_, n) =>
      startPostgres({ dataDir: join(folder, `postgres-${n + 1}`), durable: false }),
    ),
  );
  const { pid, stop, kill, ...connection } = await startSoketi({
    configure: addApps,
    restart: true,
  });
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

const apps = Array.from(
  { length: 64 },
  (_, n): SoketiApp => ({
    appId: `test-${n}`,
    key: `test-key-${n}`,
    secret: `test-secret-${n}`,
  }),
);

/** Copies the first app many times with other ids and keys. */
function addApps(config: SoketiConfig): SoketiConfig {
  const given = config["appManager.array.apps"];
  const more = apps.map(({ appId, key, secret }) => ({ ...given[0], id: appId, key, secret }));
  return { ...config, "appManager.array.apps": [...given, ...more] };
}
