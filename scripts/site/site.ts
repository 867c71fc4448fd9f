import { join } from "node:path";
import { demandNode } from "../parts/node-version.ts";
import { demandPort, nextFreePort } from "../parts/ports.ts";
import { makePassable } from "../parts/reachable-folder.ts";
import {
  dataFolder,
  evidenceKey,
  keptSecret,
  portSetting,
  ROOT,
  readVariables,
  type Variables,
} from "../parts/settings.ts";
import { pageOrigins } from "../parts/soketi/page-origins.ts";
import { demandBuild, type RunningNext, startNext } from "./next.ts";
import { createBroker } from "./site-broker.ts";
import { type Closers, closingOrder } from "./site-context.ts";
import { createDatabase } from "./site-database.ts";
import { createJobs } from "./site-jobs.ts";

export interface SiteOptions {
  readonly mode: "development" | "production";
  /** Called with each line about the progress. */
  readonly say: (line: string) => void;
  /** Called with each line that Next prints. */
  readonly log: (line: string) => void;
  /** Default: {@link readVariables}. */
  readonly variables?: Variables;
}

export interface RunningSite {
  readonly url: string;
  /** The environment of Next, with the addresses of all parts. */
  readonly variables: Variables;
  /** Whether the demo accounts can sign in. */
  readonly seeded: boolean;
  /** Resolves with a reason when Next exits. */
  readonly ended: Promise<string>;
  /** Stops the parts in order, the database last. Resolves when every process has exited. */
  readonly stop: () => Promise<void>;
  /** Kills Next only, to simulate a crash. `stop` must still be called. */
  readonly kill: () => Promise<void>;
}

const SITE_PORT = 3000;

/**
 * Starts the site and each part that the environment does not configure.
 *
 * @throws PartError after stopping the parts that were already started.
 */
export async function startSite(options: SiteOptions): Promise<RunningSite> {
  const { mode, say } = options;
  const given = options.variables ?? readVariables();
  demandNode();
  if (mode === "production") demandBuild(given.NEXT_DIST_DIR);
  const folder = dataFolder(given);
  makePassable(folder);
  if (!folder.startsWith(join(ROOT, "/"))) say(`Data folder: ${folder}`);
  const closers: Closers = {};
  const stop = async () => {
    for (const part of closingOrder) await closers[part]?.();
  };

  try {
    const context = { mode, given, folder, say, closers };
    const port = await choosePort(given, say);
    const url = given.NEXTAUTH_URL ?? `http://localhost:${port}`;

    const database = await createDatabase(context);
    const broker = await createBroker(context, port, pageOrigins(given, url, port));
    const jobs = await createJobs(context, port);
    const variables: Variables = {
      ...given,
      ...database.variables,
      ...broker,
      ...jobs,
      PORT: String(port),
      DEMO_ACCOUNTS: given.DEMO_ACCOUNTS ?? (database.seeded ? "on" : "off"),
      NEXTAUTH_URL: url,
      NEXTAUTH_SECRET: given.NEXTAUTH_SECRET ?? keptSecret(folder, "nextauth-secret"),
      EVIDENCE_KEY: evidenceKey(given, folder),
    };
    say("Next");
    const next: RunningNext = await startNext({ mode, port, variables, say: options.log });
    closers.next = next.stop;
    return { url, variables, seeded: database.seeded, ended: next.ended, stop, kill: next.kill };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function choosePort(given: Variables, say: (line: string) => void): Promise<number> {
  const wanted = portSetting(given, "PORT");
  if (wanted !== undefined) {
    await demandPort(wanted, "The site", "PORT");
    return wanted;
  }
  const port = await nextFreePort(SITE_PORT);
  if (port !== SITE_PORT) say(`Port ${SITE_PORT} is in use, so the site uses ${port}`);
  return port;
}
