/**
 * Cost of reading as a viewer (goal P9): round trips, and Postgres CPU and time compared with the same select without
 * row-level security, in one run. `npm run bench bench/rls-read.ts`, about two minutes.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { startPostgres } from "../scripts/parts/postgres/postgres.ts";
import { openConnection } from "../src/db/connection/connection.ts";
import { siteConnection } from "../src/db/connection/site-connection.ts";
import { createDatabase, type Database } from "../src/db/database.ts";
import { migrate } from "../src/db/migrate.ts";
import { openPage } from "../src/db/rows/open-page.ts";
import { createTransaction } from "../src/db/transaction.ts";
import type { Viewer } from "../src/db/viewer.ts";
import { startPostgresProxy } from "../tests/support/database/viewer-proxy.ts";
import { cpuOf } from "./support/cpu.ts";
import { median } from "./support/measure.ts";
import { finish, goal, print } from "./support/report.ts";

const ROUNDS = 9;

interface Read {
  readonly name: string;
  /** Of the owner, without policies; `$1` is the id that is read. */
  readonly plain: string;
  /** Of a viewer, as the site asks for the same rows. Default: the same text. */
  readonly asViewer?: string;
  /** Whether the site opens the page before it reads. */
  readonly opensPage?: boolean;
  readonly id: "article" | "comment";
  /** Reads of one round. */
  readonly reads: number;
  /** `(viewer - allowedUs) / plain` is at most this, for CPU and for time. */
  readonly atMost: number;
  readonly allowedUs: number;
}

const feed = (comments: string) => `
  select articles.id, articles.title, articles.excerpt, articles.published_at, users.name, (${comments}) as comments
  from articles join users on users.id = articles.author_id
  where articles.published_at <= now() and articles.id <> $1
  order by articles.published_at desc, articles.id desc limit 20`;

const list = { atMost: 1.25, allowedUs: 30 };
const reads: readonly Read[] = [
  {
    name: "one article",
    plain: "select * from articles where id = $1",
    id: "article",
    reads: 3_000,
    ...list,
  },
  {
    name: "one comment",
    plain: "select * from comments where id = $1",
    id: "comment",
    reads: 3_000,
    ...list,
  },
  {
    name: "a thread: 60 comments, authors, reactions",
    plain: `
      select comments.*, users.name, users.handle,
        (select count(*) from reactions where reactions.comment_id = comments.id) as reactions
      from comments join users on users.id = comments.author_id
      where comments.article_id = $1 order by comments.created_at, comments.id`,
    opensPage: true,
    id: "article",
    reads: 500,
    atMost: 1.5,
    allowedUs: 0,
  },
  {
    name: "the feed: 20 articles, authors, comment counts",
    plain: feed(
      "select count(*)::int from comments where comments.article_id = articles.id and comments.deleted_at is null",
    ),
    asViewer: feed(
      "select comments from app.article_comments where app.article_comments.article_id = articles.id",
    ),
    id: "article",
    reads: 500,
    ...list,
  },
];

interface Filled {
  readonly viewer: Viewer;
  readonly ids: Readonly<Record<Read["id"], string>>;
}

async function fill(ownerUrl: string): Promise<Filled> {
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
  // The thread whose length is nearest to sixty comments, and a reader who is not the author of the article.
  const [row] = await owner<{ userId: string; article: string; comment: string }[]>`
    select users.id as "userId", article_id as article, min(comments.id::text) as comment
    from comments join articles on articles.id = article_id join users on users.id <> articles.author_id
    group by article_id, users.id, users.handle
    order by abs(count(*) - 60), users.handle limit 1`;
  await owner.end();
  if (row === undefined) throw new Error("Nothing to read was written.");
  const { userId, ...ids } = row;
  return { viewer: { userId, role: "author" }, ids };
}

interface Side {
  readonly pid: number;
  readonly read: () => Promise<unknown>;
}

async function measure({ pid, read }: Side, times: number) {
  const cpu = await cpuOf(pid);
  const started = performance.now();
  for (let n = 0; n < times; n += 1) await read();
  return {
    timeUs: ((performance.now() - started) / times) * 1_000,
    cpuUs: (((await cpuOf(pid)) - cpu) / times) * 1e6,
  };
}

/** Drizzle's statement for the same text: split at the one parameter. */
function statement(text: string, id: string) {
  const [before = "", after = ""] = text.split("$1");
  return sql`${sql.raw(before)}${id}${sql.raw(after)}`;
}

async function compare(ownerUrl: string, database: Database, { viewer, ids }: Filled) {
  // The same driver and query builder, and a select of its own instead of a transaction.
  const owner = await openConnection(siteConnection(ownerUrl, "the owner's URL"), {
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 5_000,
    idleTimeoutMs: 5_000,
  });
  const { tx: plainly } = createTransaction(owner);
  const [plainPid] = await plainly.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  const [viewerPid] = await database.readAs(viewer, (tx) =>
    tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`),
  );
  for (const { name, plain, asViewer = plain, opensPage, ...read } of reads) {
    const id = ids[read.id];
    const one: Side = {
      pid: plainPid?.pid ?? 0,
      read: () => plainly.execute(statement(plain, id)),
    };
    const other: Side = {
      pid: viewerPid?.pid ?? 0,
      read: () =>
        database.readAs(viewer, (tx) =>
          Promise.all([
            opensPage && openPage(tx, { resourceType: "article", resourceId: id }),
            tx.execute(statement(asViewer, id)),
          ]),
        ),
    };
    const rounds: { one: Figures; other: Figures }[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      // Turn by turn the other one is first.
      const first = round % 2 === 0 ? one : other;
      const begun = await measure(first, read.reads);
      const ended = await measure(first === one ? other : one, read.reads);
      const figures = first === one ? { one: begun, other: ended } : { one: ended, other: begun };
      if (round > 0) rounds.push(figures); // the first warms caches
    }
    print(name);
    for (const [what, key] of [
      ["Postgres CPU", "cpuUs"],
      ["time", "timeUs"],
    ] as const) {
      const before = median(rounds.map((round) => round.one[key]));
      const after = median(rounds.map((round) => round.other[key]));
      const ratio = median(
        rounds.map((round) => (round.other[key] - read.allowedUs) / round.one[key]),
      );
      const less = read.allowedUs === 0 ? "" : `, less ${read.allowedUs} µs`;
      goal(
        "P9",
        `${what} ${before.toFixed(0)} → ${after.toFixed(0)} µs, ${(after / before).toFixed(2)}×${less}`,
        ratio,
        { atMost: read.atMost },
      );
    }
  }
  await owner.destroy();
}

type Figures = Awaited<ReturnType<typeof measure>>;

async function countRoundTrips(appUrl: string, viewer: Viewer, id: string) {
  const proxy = await startPostgresProxy(appUrl);
  const database = createDatabase(proxy.url, { maxConnections: 1 });
  const select = statement("select * from articles where id = $1", id);
  const one = () => database.readAs(viewer, (tx) => tx.execute(select));
  const ten = () =>
    database.readAs(viewer, (tx) =>
      Promise.all(Array.from({ length: 10 }, () => tx.execute(select))),
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
    goal("P9", `${name}, until the answer`, waited, { atMost: 3 }, " round trip(s)");
  }
  await database.close();
  await proxy.close();
}

const folder = await mkdtemp(join(tmpdir(), "querycast-bench-"));
await chmod(folder, 0o755); // the server may run as another user
const server = await startPostgres({ dataDir: join(folder, "postgres"), durable: false });
try {
  const appUrl = `postgres://inkwell_app:bench@127.0.0.1:${server.port}/inkwell`;
  await migrate(server.ownerUrl, { appUrl });
  const filled = await fill(server.ownerUrl);
  await countRoundTrips(appUrl, filled.viewer, filled.ids.article);
  const database = createDatabase(appUrl, { maxConnections: 1 });
  await compare(server.ownerUrl, database, filled);
  await database.close();
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  await rm(`${folder}.log`, { force: true });
}
finish();
