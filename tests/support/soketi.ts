import { inject } from "vitest";
import { type RunningSoketi, startSoketi } from "../../scripts/parts/soketi.ts";

/** Where a Soketi is and what signs for it. */
export interface SoketiConnection extends SoketiApp {
  readonly host: string;
  readonly port: number;
}

export interface SoketiApp {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
}

/** The Soketi that all integration tests share. Name channels so that files do not hear each other. */
export function sharedSoketi(): SoketiConnection {
  return inject("soketi");
}

let taken = 0;

/**
 * An app of the shared Soketi for one site alone, as in life: a relay whose log was restored tells all
 * channels of its app. Files that run at the same time, and the sites of one file, have different ones.
 */
export function ownSoketiApp(): SoketiConnection {
  const apps = inject("soketiApps");
  const workers = inject("postgresUrls").length; // there is one for each worker
  const share = Math.floor(apps.length / workers);
  // biome-ignore lint/style/noProcessEnv: Vitest tells a worker its number by nothing else
  const worker = Number(process.env.VITEST_POOL_ID) - 1;
  const app = apps[worker * share + (taken++ % share)];
  if (app === undefined) throw new TypeError("Vitest gave this worker no number.");
  return { ...sharedSoketi(), ...app };
}

/** One for a test that kills or freezes it; stop it in the end. A given port lets it come back in place. */
export function startOwnSoketi(options: { port?: number } = {}): Promise<RunningSoketi> {
  return startSoketi(options);
}
