import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startPostgres } from "../../scripts/parts/postgres.ts";
import { startSoketi } from "../../scripts/parts/soketi.ts";
import type { SoketiConnection } from "./soketi.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly postgresUrl: string;
    readonly soketi: SoketiConnection;
  }
}

/** One Postgres and one Soketi for all integration tests, on free ports, in a folder that goes with them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "querycast-test-"));
  await chmod(folder, 0o755); // the server may run as another user than we do
  const postgres = await startPostgres({ dataDir: join(folder, "postgres"), durable: false });
  const { pid, stop, kill, ...connection } = await startSoketi({ restart: true });
  project.provide("postgresUrl", postgres.ownerUrl);
  project.provide("soketi", connection);
  return async () => {
    await Promise.all([postgres.stop(), stop()]);
    await rm(folder, { recursive: true, force: true });
  };
}
