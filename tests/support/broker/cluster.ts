import { inject } from "vitest";

/**
 * URL of this worker's Postgres for the owner. Each worker has a separate cluster: the log waits for every
 * transaction of its cluster before it delivers or deletes rows, also for those of other databases.
 */
export function cluster(): string {
  // biome-ignore lint/style/noProcessEnv: Vitest passes a worker its number, from 1 upwards, only here
  const url = inject("postgresUrls")[Number(process.env.VITEST_POOL_ID) - 1];
  if (url === undefined) throw new Error("This Vitest worker has no Postgres.");
  return url;
}
