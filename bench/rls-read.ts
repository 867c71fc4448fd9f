/**
 * Cost of reading as a viewer (goal P9): round trips, and Postgres CPU compared with the same select
 * without row-level security. `npx tsx bench/rls-read.ts`, about a minute.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { startPostgres } from "../scripts/parts/postgres.ts";
import { createDatabase, type Database } from "../src/db/database.ts";
import { migrate } from "../src/db/migrate.ts";
import type { Viewer } from "../src/db/viewer.ts";
import { startPostgresProxy } from "../tests/integration/viewer-proxy.ts";
import { cpuOf } from "./support/cpu.ts";

const ROUNDS = 7;
const READS = 1_000;

/** The same text for both contestants; `$1` is the page that is read. */
const queries = {
  "one article": "select * from articles where id = $1",
  "a thread: 60 comments, authors, reactions": `
    select comments.*, users.name, users.handle,
      (select count(*) from reactions where reactions.comment_id = comments.id) as reactions
    from comments join users on users.id = comments.author_id
    where comments.article_id = $1 order by comments.created_at, comments.id`,
  "the feed: 20 articles, authors, comment counts": `
    select articles.id, articles.title, articles.excerpt, articles.published_at, users.name,
      (select count(*) from comments where comments.article_id = articles.id) as comments
    from articles join users on users.id = articles.author_id
    where articles.published_at <= now() and articles.id <> $1
    order by articles.published_at desc, articles.id desc limit 20`,
} as const;

async function fill(ownerUrl: string): Promise<{ viewer: Viewer; articleId: string }> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  await owner.unsafe(
    `
    insert into users (handle, name, role) select 'user-' || n, 'User ' || n, 'author' from generate_series(1, 50) n;
    insert into articles (author_id, slug, title, excerpt, body, published_at)
      select id, handle || '-' || n, 'Title', repeat('excerpt ', 20), repeat('body ', 800), now() - n * interval '1 hour'
      from users, generate_series(1, 6) n;
    insert into comments (article_id, author_id, body)
      select articles.id, u.id, repeat('comment ', 20) from articles
      cross join lateral (select id from users order by md5(users.id::text || articles.id::text) limit 50) u
      cross join generate_series(1, 2) n where n = 1 or u.id < '33333333-0000-0000-0000-000000000000';
    insert into reactions (comment_id, user_id, kind)
      select comments.id, u.id, 'like' from comments
      cross join lateral (select id from users order by md5(users.id::text || comments.id::text) limit 3) u;
    vacuum analyze users; vacuum analyze articles; vacuum analyze comments; vacuum analyze reactions;
  `.replace(/vacuum analyze (\w+);/g, "analyze $1;"),
  );
  const [row] = await owner<{ userId: string; articleId: string }[]>`
    select users.id as "userId", articles.id as "articleId" from users, articles
    order by users.handle, articles.slug limit 1`;
  await owner.end();
  if (row === undefined) throw new Error("Nothing to read was written.");
  return { viewer: { userId: row.userId, role: "author" }, articleId: row.articleId };
}

interface Side {
  readonly pid: number;
  readonly read: (text: string, id: string) => Promise<unknown>;
}

async function measure({ pid, read }: Side, text: string, id: string) {
  const cpu = await cpuOf(pid);
  const started = performance.now();
  for (let n = 0; n < READS; n += 1) await read(text, id);
  return {
    wallUs: ((performance.now() - started) / READS) * 1_000,
    cpuUs: (((await cpuOf(pid)) - cpu) / READS) * 1e6,
  };
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Drizzle's statement for the same text: split at the one parameter. */
function statement(text: string, id: string) {
  const [before = "", after = ""] = text.split("$1");
  return sql`${sql.raw(before)}${id}${sql.raw(after)}`;
}

async function compareCpu(ownerUrl: string, database: Database, viewer: Viewer, id: string) {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  const [plainPid] = await owner<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const [viewerPid] = await database.readAs(viewer, (tx) =>
    tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`),
  );
  const plain: Side = {
    pid: plainPid?.pid ?? 0,
    read: (text, parameter) => owner.unsafe(text, [parameter], { prepare: true }),
  };
  const asViewer: Side = {
    pid: viewerPid?.pid ?? 0,
    read: (text, parameter) =>
      database.readAs(viewer, (tx) => tx.execute(statement(text, parameter))),
  };
  for (const [name, text] of Object.entries(queries)) {
    const rounds = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const [one, two] = [await measure(plain, text, id), await measure(asViewer, text, id)];
      if (round > 0) rounds.push({ one, two }); // the first warms caches
    }
    const cpu = [median(rounds.map((r) => r.one.cpuUs)), median(rounds.map((r) => r.two.cpuUs))];
    const wall = [median(rounds.map((r) => r.one.wallUs)), median(rounds.map((r) => r.two.wallUs))];
    const ratio = ([a = 0, b = 0]: number[]) => `${(b / a).toFixed(2)}x`;
    print(
      `${name.padEnd(48)} Postgres CPU ${ratio(cpu)} (${cpu.map((us) => us.toFixed(0)).join(" → ")} µs), time ${ratio(wall)} (${wall.map((us) => us.toFixed(0)).join(" → ")} µs)`,
    );
  }
  await owner.end();
}

async function countRoundTrips(appUrl: string, viewer: Viewer, id: string) {
  const proxy = await startPostgresProxy(appUrl);
  const database = createDatabase(proxy.url, { maxConnections: 1 });
  const one = () =>
    database.readAs(viewer, (tx) => tx.execute(statement(queries["one article"], id)));
  const ten = () =>
    database.readAs(viewer, (tx) =>
      Promise.all(
        Array.from({ length: 10 }, () => tx.execute(statement(queries["one article"], id))),
      ),
    );
  for (const [name, read] of [
    ["one query", one],
    ["ten decisions", ten],
  ] as const) {
    await read();
    await database.writeAs(viewer, async () => {}); // all earlier statements have been answered
    const before = proxy.roundTrips();
    await read();
    const waited = proxy.roundTrips() - before;
    await database.writeAs(viewer, async () => {});
    print(
      `${name}: ${waited} round trip(s) until the answer, ${proxy.roundTrips() - before - 2} in all`,
    );
  }
  await database.close();
  await proxy.close();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const folder = await mkdtemp(join(tmpdir(), "querycast-bench-"));
await chmod(folder, 0o755); // the server may run as another user
const server = await startPostgres({ dataDir: join(folder, "postgres"), durable: false });
try {
  const appUrl = `postgres://inkwell_app:bench@127.0.0.1:${server.port}/inkwell`;
  await migrate(server.ownerUrl, { appUrl });
  const { viewer, articleId } = await fill(server.ownerUrl);
  print("P9: at most 3 round trips, Postgres CPU at most 1.25x of the plain select\n");
  await countRoundTrips(appUrl, viewer, articleId);
  const database = createDatabase(appUrl, { maxConnections: 1 });
  await compareCpu(server.ownerUrl, database, viewer, articleId);
  await database.close();
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  await rm(`${folder}.log`, { force: true });
}
