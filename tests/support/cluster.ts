import { inject } from "vitest";

/**
 * The Postgres of this worker, as its owner connects to it. Files that run at the same time have one each:
 * what the log delivers and drops waits for every transaction of its cluster, also in other databases.
 */
export function cluster(): string {
  // biome-ignore lint/style/noProcessEnv: Vitest tells a worker its number, from 1 upwards, in no other way
  const url = inject("postgresUrls")[Number(process.env.VITEST_POOL_ID) - 1];
  if (url === undefined) throw new Error("There is no Postgres for this worker of Vitest.");
  return url;
}
