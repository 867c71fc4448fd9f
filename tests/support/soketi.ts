import { inject } from "vitest";
import { type RunningSoketi, startSoketi } from "../../scripts/parts/soketi.ts";

/** Where a Soketi is and what signs for it. */
export interface SoketiConnection {
  readonly host: string;
  readonly port: number;
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
}

/** The Soketi that all integration tests share. Name channels so that files do not hear each other. */
export function sharedSoketi(): SoketiConnection {
  return inject("soketi");
}

/** One for a test that kills or freezes it; stop it in the end. A given port lets it come back in place. */
export function startOwnSoketi(options: { port?: number } = {}): Promise<RunningSoketi> {
  return startSoketi(options);
}
