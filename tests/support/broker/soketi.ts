import { inject } from "vitest";
import { type RunningSoketi, startSoketi } from "../../../scripts/parts/soketi/soketi.ts";

/** Address and credentials of a Soketi. */
export interface SoketiConnection extends SoketiApp {
  readonly host: string;
  readonly port: number;
}

export interface SoketiApp {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
}

/** The Soketi that all integration tests share. Use channel names that other files do not use. */
export function sharedSoketi(): SoketiConnection {
  return inject("soketi");
}

let taken = 0;

/**
 * An app of the shared Soketi that no other site uses: a relay whose log was restored publishes to all
 * channels of its app. Parallel files, and the sites of one file, get different apps.
 */
export function ownSoketiApp(): SoketiConnection {
  const apps = inject("soketiApps");
  const workers = inject("postgresUrls").length; // one per worker
  const share = Math.floor(apps.length / workers);
  // biome-ignore lint/style/noProcessEnv: Vitest passes a worker its number only here
  const worker = Number(process.env.VITEST_POOL_ID) - 1;
  const app = apps[worker * share + (taken++ % share)];
  if (app === undefined) throw new TypeError("VITEST_POOL_ID is not set or has no app.");
  return { ...sharedSoketi(), ...app };
}

/** A separate Soketi that a test can kill or freeze. Stop it at the end. Set `port` to restart it in place. */
export function startOwnSoketi(options: { port?: number } = {}): Promise<RunningSoketi> {
  return startSoketi(options);
}
