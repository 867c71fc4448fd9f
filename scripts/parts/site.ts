import { join } from "node:path";
import { demandBuild, type RunningNext, startNext } from "./next.ts";
import { demandNode } from "./node-version.ts";
import { pageOrigins } from "./page-origins.ts";
import { demandPort, nextFreePort } from "./ports.ts";
import { makePassable } from "./reachable-folder.ts";
import {
  dataFolder,
  keptSecret,
  portSetting,
  ROOT,
  readVariables,
  type Variables,
} from "./settings.ts";
import { createBroker } from "./site-broker.ts";
import { type Closers, closingOrder } from "./site-context.ts";
import { createDatabase } from "./site-database.ts";
import { createJobs } from "./site-jobs.ts";

export interface SiteOptions {
  readonly mode: "development" | "production";
  /** Progress, one line at a time. */
  readonly say: (line: string) => void;
  /** What Next prints. */
  readonly log: (line: string) => void;
  /** Default: the shell's, over `.env.local`, over `.env`. */
  readonly variables?: Variables;
}

export interface RunningSite {
  readonly url: string;
  /** What the parts are reached by; the environment Next runs with. */
  readonly variables: Variables;
  /** Whether the demo accounts can sign in. */
  readonly seeded: boolean;
  /** Resolves with a reason when the site ends by itself. */
  readonly ended: Promise<string>;
  /** Next first, the database last; resolves when every process has gone. */
  readonly stop: () => Promise<void>;
  /** Ends Next as a crash would, and nothing else; `stop` is still to be called. */
  readonly kill: () => Promise<void>;
}

const SITE_PORT = 3000;

/**
 * Starts the site and every part that the environment does not already name.
 *
 * @throws PartError, with a way out; what was started by then is stopped again.
 */
export async function startSite(options: SiteOptions): Promise<RunningSite> {
  const { mode, say } = options;
  const given = options.variables ?? readVariables();
  demandNode();
  if (mode === "production") demandBuild(given.NEXT_DIST_DIR);
  const folder = dataFolder(given);
  makePassable(folder);
  if (!folder.startsWith(join(ROOT, "/"))) say(`Data is kept in ${folder}`);
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
  if (port !== SITE_PORT) say(`Port ${SITE_PORT} is taken, so the site is on ${port}`);
  return port;
}
