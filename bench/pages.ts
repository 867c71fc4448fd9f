/**
 * Pages of the production build over the embedded Postgres: anonymous pages at 100 a second, a flood of one
 * visitor beside them, and pages of signed-in visitors. Requests start on schedule, without waiting for answers
 * (an open loop), and each visitor has a different address by `X-Forwarded-For` with one trusted proxy.
 * `npx next build && npm run bench bench/pages.ts`, about a minute and a half.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { Agent, request as send } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../scripts/parts/ports.ts";
import { startSite } from "../scripts/site/site.ts";
import { demoAccounts, demoPassword } from "../src/db/seed/demo-accounts.ts";
import { quantile, wait } from "./support/measure.ts";
import { finish, format, goal, print } from "./support/report.ts";

const SECONDS = 10;

const folder = await mkdtemp(join(tmpdir(), "querycast-pages-"));
await chmod(folder, 0o755);
const port = await freePort();
const site = await startSite({
  mode: "production",
  say: () => {},
  log: () => {},
  variables: {
    PATH: process.env.PATH ?? "",
    DATA_DIR: folder,
    PORT: String(port),
    TRANSPORT: "sse",
    TRUSTED_PROXIES: "1",
    LOG_LEVEL: "error",
  },
});
/** Connections of their own, so that what a flood has open delays no other visitor in this process. */
const agents = { others: new Agent({ keepAlive: true }), flood: new Agent({ keepAlive: true }) };

interface Asked {
  readonly status: number;
  readonly ms: number;
}

interface Visit {
  readonly path: string;
  readonly address: string;
  readonly cookie?: string;
  /** Default: those of all others. */
  readonly agent?: Agent;
}

const ask = ({ path, address, cookie, agent = agents.others }: Visit): Promise<Asked> =>
  new Promise((resolve) => {
    const startMs = performance.now();
    const done = (status: number) => resolve({ status, ms: performance.now() - startMs });
    const headers = {
      "x-forwarded-for": address,
      "accept-encoding": "gzip",
      ...(cookie !== undefined && { cookie }),
    };
    const asked = send(
      { host: "127.0.0.1", port, path, headers, agent, timeout: 30_000 },
      (answer) => answer.once("end", () => done(answer.statusCode ?? 0)).resume(),
    );
    asked.once("error", () => done(0)).once("timeout", () => asked.destroy());
    asked.end();
  });

/** Starts `perSecond` requests a second on schedule, and resolves with all answers. */
async function load(perSecond: number, visit: (n: number) => Visit): Promise<Asked[]> {
  const begun: Promise<Asked>[] = [];
  const startMs = performance.now();
  while (performance.now() - startMs < SECONDS * 1000) {
    const due = Math.floor(((performance.now() - startMs) * perSecond) / 1000);
    while (begun.length < due) begun.push(ask(visit(begun.length)));
    await wait(2);
  }
  return Promise.all(begun);
}

function report(what: string, asked: readonly Asked[]): number {
  const times = asked.filter(({ status }) => status === 200).map(({ ms }) => ms);
  const statuses = [...new Set(asked.map(({ status }) => status))];
  const counts = statuses.map(
    (status) => `${status}: ${asked.filter((each) => each.status === status).length}`,
  );
  const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
  print(`  ${what}: p50 ${format(p50)} ms, p99 ${format(p99)} ms (${counts.join(", ")})`);
  return times.length === asked.length ? p99 : Number.POSITIVE_INFINITY;
}

const visitor = (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;

async function signIn(n: number): Promise<string> {
  const reader = demoAccounts.find(({ role }) => role === "reader");
  const headers = { "x-forwarded-for": `10.200.0.${n}` };
  const asked = await fetch(`${site.url}/api/auth/csrf`, { headers });
  const { csrfToken } = (await asked.json()) as { csrfToken: string };
  const jar = cookiesOf(asked);
  const answer = await fetch(`${site.url}/api/auth/callback/credentials`, {
    method: "POST",
    redirect: "manual",
    headers: { ...headers, cookie: jar },
    body: new URLSearchParams({ csrfToken, email: reader?.email ?? "", password: demoPassword }),
  });
  return cookiesOf(answer);
}

const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");

try {
  const feed = (await (await fetch(`${site.url}/api/articles`)).json()) as {
    rows: { slug: string; author: { handle: string } }[];
  };
  const paths = [
    "/",
    "/gists",
    "/sign-in",
    ...feed.rows.flatMap(({ slug, author }) => [`/articles/${slug}`, `/people/${author.handle}`]),
  ];
  print(`${new Set(paths).size} pages of the seed, ${SECONDS} s each`);
  const path = (n: number) => paths[n % paths.length] ?? "/";
  const anonymous = (n: number): Visit => ({ path: path(n), address: visitor(n) });
  for (const each of new Set(paths)) await ask({ path: each, address: "10.201.0.1" });

  const p99 = report("100 anonymous pages/s", await load(100, anonymous));
  goal("P16", "100 anonymous pages/s, p99", p99, { atMost: 1000 }, " ms");

  // Each request of the flood is for another page, so that none is cached.
  const flood = (n: number): Visit => ({
    path: `/?n=${n}`,
    address: "10.255.0.1",
    agent: agents.flood,
  });
  const [others, flooded] = await Promise.all([load(50, anonymous), load(200, flood)]);
  report("  the flood of one visitor, 200/s", flooded);
  const beside = report("50 anonymous pages/s beside it", others);
  goal("P16", "others beside a flood, p99", beside, { atMost: 1000 }, " ms");

  const sessions = await Promise.all(Array.from({ length: 8 }, (_, n) => signIn(n)));
  const signedIn = (n: number): Visit => ({
    path: path(n),
    address: visitor(n),
    cookie: sessions[n % sessions.length] ?? "",
  });
  for (const perSecond of [5, 10, 20]) {
    report(`${perSecond} signed-in pages/s`, await load(perSecond, signedIn));
  }
} finally {
  for (const agent of Object.values(agents)) agent.destroy();
  await site.stop();
  await rm(folder, { recursive: true, force: true });
}
finish();
