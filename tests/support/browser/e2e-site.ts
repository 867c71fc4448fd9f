import { randomBytes } from "node:crypto";
import { type JobRunner, startJobRunner } from "../../../scripts/parts/job-runner.ts";
import { freePort, LOOPBACK } from "../../../scripts/parts/ports.ts";
import { type RunningSoketi, startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import { sendVacatedWebhooks } from "../../../scripts/parts/soketi/soketi-config.ts";
import { startSite } from "../../../scripts/site/site.ts";
import { lanHost, searchPath } from "../runner/environment.ts";
import { createFaultProxy } from "../servers/fault-proxy.ts";
import { createSiteFolder, removeFolder } from "./site-folder.ts";
import { demandSilence, secretsOf } from "./site-log.ts";
import { serveRoleFrom, startTwin } from "./twin-site.ts";

/** A part of the running site that a test can stop and start. */
export interface Part {
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
}

/** The site that one worker of Playwright tests: one test at a time, and no other worker. */
export interface E2eSite {
  readonly url: string;
  /** The environment the site runs with. A second process of it starts with the same. */
  readonly variables: Readonly<Record<string, string>>;
  /** Connects to the site's database as its owner. */
  readonly ownerUrl: string;
  /** Values that must stay on the server, by the name of their variable. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly broker: Part;
  readonly jobs: Part;
  /** The connection between browsers and the broker. */
  readonly wire: Part;
  /** @throws when the site has logged a secret. */
  readonly stop: () => Promise<void>;
}

/**
 * How signals reach browsers: one process and a broker, with a transport of `TRANSPORT`, or two processes that serve
 * streams. The second one serves the reader.
 */
export type Delivery = "pusher" | "slim" | "streams";

/** Starts the production build with a separate Postgres, Soketi, job runner, ports and data folder. */
export async function startE2eSite(delivery: Delivery): Promise<E2eSite> {
  const folder = await createSiteFolder();
  const [sitePort, twinPort, jobsPort] = [await freePort(), await freePort(), await freePort()];
  const appUrl = `http://${LOOPBACK}:${sitePort}/api/inngest`;
  const printed: string[] = [];
  const startJobs = () => startJobRunner({ appUrl, port: jobsPort, say });
  const log = (line: string) => {
    printed.push(line);
    if (!line.includes('"level":"info"')) say(`[site] ${line}`); // only warnings and errors
  };

  const parts = delivery === "streams" ? noBroker : await startBrokerParts(sitePort, delivery);
  let jobs: JobRunner = await startJobs();
  const site = await startSite({
    mode: "production",
    say: () => {},
    log,
    variables: {
      PATH: searchPath,
      DATA_DIR: folder,
      PORT: String(sitePort),
      ...parts.variables,
      INNGEST_DEV: jobs.url,
      // Browsers resolve it by a rule of their own, see plain-http.spec.ts.
      ALLOWED_ORIGINS: `http://${lanHost}:${sitePort}`,
      // Tests set a browser's address with X-Forwarded-For, as a proxy in front of the site does.
      TRUSTED_PROXIES: "1",
      QUERYCAST_SECRET: randomBytes(24).toString("hex"),
      METRICS_TOKEN: randomBytes(24).toString("hex"),
    },
  });
  const twin = delivery === "streams" ? await startTwin(site.variables, twinPort, log) : null;
  serveRoleFrom("reader", twin?.url ?? null);
  const secrets = secretsOf(site.variables);
  return {
    url: site.url,
    variables: site.variables,
    ownerUrl: site.variables.DATABASE_OWNER_URL ?? "",
    secrets,
    broker: parts.broker,
    wire: parts.wire,
    jobs: {
      stop: () => jobs.stop(),
      start: async () => {
        jobs = await startJobs();
      },
    },
    stop: async () => {
      await jobs.stop();
      await twin?.stop();
      await site.stop();
      await parts.stop();
      await removeFolder(folder);
      demandSilence(printed, secrets);
    },
  };
}

/** The parts between a site and its browsers. */
interface DeliveryParts {
  readonly variables: Readonly<Record<string, string>>;
  readonly broker: Part;
  readonly wire: Part;
  readonly stop: () => Promise<void>;
}

const missing = async () => {
  throw new Error("A site with streams has no broker to stop.");
};
const noBroker: DeliveryParts = {
  variables: { TRANSPORT: "sse" },
  broker: { stop: missing, start: missing },
  wire: { stop: missing, start: missing },
  stop: async () => {},
};

async function startBrokerParts(
  sitePort: number,
  transport: "pusher" | "slim",
): Promise<DeliveryParts> {
  const port = await freePort();
  const configure = sendVacatedWebhooks(`http://${LOOPBACK}:${sitePort}/api/broker/webhooks`);
  const start = () => startSoketi({ port, restart: true, configure });
  let broker: RunningSoketi = await start();
  const wire = await createFaultProxy({ target: { host: LOOPBACK, port } });
  return {
    variables: {
      TRANSPORT: transport,
      SOKETI_HOST: broker.host,
      SOKETI_PORT: String(broker.port),
      PUSHER_PUBLIC_PORT: String(wire.port),
      PUSHER_APP_ID: broker.appId,
      PUSHER_KEY: broker.key,
      PUSHER_SECRET: broker.secret,
    },
    broker: {
      stop: () => broker.stop(),
      start: async () => {
        broker = await start();
      },
    },
    wire: {
      // Loses all bytes without closing: open sockets never work again.
      stop: async () => {
        for (const direction of ["up", "down"] as const) wire.blackHole(direction);
      },
      start: async () => {
        wire.cutAll();
        await wire.heal();
      },
    },
    stop: async () => {
      await wire.close();
      await broker.stop();
    },
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
