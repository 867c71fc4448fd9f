/**
 * A thousand viewers of one page read it again after a signal (P8): statements and time of the shared
 * read, compared with a read per viewer. `npm run bench bench/herd-read.ts`, about a minute.
 *
 * Each read is the site's own: a thread of comments, as a viewer, under row-level security, and its JSON.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { startPostgres } from "../scripts/parts/postgres/postgres.ts";
import { createDatabase } from "../src/db/database.ts";
import { migrate } from "../src/db/migrate.ts";
import { anonymous, type Viewer } from "../src/db/viewer.ts";
import { listComments } from "../src/features/comments/list-comments.ts";
import { createSharedRead } from "../src/realtime/server/shared-read.ts";
import { interleave, median, wait } from "./support/measure.ts";
import { finish, format, goal, print } from "./support/report.ts";

const VIEWERS = 1_000;
const ROUNDS = 5;
const SCOPES = [1, 20, 50];
const WINDOW_MS = 100;

async function fill(ownerUrl: string): Promise<{ articleId: string; people: readonly string[] }> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  await owner.unsafe(`
    insert into users (handle, name, role) select 'user-' || n, 'User ' || n, 'author'
      from generate_series(1, 60) n;
    insert into articles (author_id, slug, title, excerpt, body, published_at)
      select id, 'article', 'Title', '', 'body', now() from users limit 1;
    insert into comments (article_id, author_id, body)
      select articles.id, users.id, repeat('comment ', 20) from articles, users;
    analyze;
  `);
  const [article] = await owner<{ id: string }[]>`select id from articles`;
  const people = await owner<{ id: string }[]>`select id from users order by handle`;
  await owner.end();
  if (article === undefined) throw new Error("Nothing to read was written.");
  return { articleId: article.id, people: people.map(({ id }) => id) };
}

const folder = await mkdtemp(join(tmpdir(), "querycast-bench-"));
await chmod(folder, 0o755); // the server may run as another user
const server = await startPostgres({ dataDir: join(folder, "postgres"), durable: false });
try {
  const appUrl = `postgres://inkwell_app:bench@127.0.0.1:${server.port}/inkwell`;
  await migrate(server.ownerUrl, { appUrl });
  const { articleId, people } = await fill(server.ownerUrl);
  const database = createDatabase(appUrl, { maxConnections: 10 });
  let reads = 0;
  const read = async (viewer: Viewer) => {
    reads += 1;
    const ref = { resourceType: "article", resourceId: articleId } as const;
    return JSON.stringify(await database.readAs(viewer, (tx) => listComments({ tx, viewer }, ref)));
  };
  const shared = createSharedRead<string>({ windowMs: WINDOW_MS });
  const viewerOf = (scope: number): Viewer =>
    scope === 0 ? anonymous : { userId: people[scope] ?? null, role: "author" };

  /** One signal: all viewers send a request at once. */
  const herd = async (ask: (index: number) => Promise<string>) => {
    const before = reads;
    const startedMs = performance.now();
    const answers = await Promise.all(Array.from({ length: VIEWERS }, (_, index) => ask(index)));
    const tookMs = performance.now() - startedMs;
    if (new Set(answers).size !== 1) throw new Error("Not everybody was told the same.");
    return { tookMs, reads: reads - before };
  };
  const alone = () => herd((index) => read(viewerOf(index % 60)));
  const together = (scopes: number) => async () => {
    const result = await herd((index) => {
      const scope = index % scopes;
      return shared({ resource: "comments", scope: `${scope}` }, () => read(viewerOf(scope)));
    });
    await wait(2 * WINDOW_MS); // no request is waiting at the next signal
    return result;
  };
  /** A second signal during the read for the first: each viewer sends two requests. */
  const twice = (scopes: number) => async () => {
    const before = reads;
    const ask = together(scopes);
    const [first] = await Promise.all([ask(), wait(1).then(ask)]);
    return { tookMs: first.tookMs, reads: reads - before };
  };

  await alone(); // warms connections and caches
  print(`${VIEWERS} viewers of one thread of ${people.length} comments, ${ROUNDS} rounds\n`);
  const results = await interleave(ROUNDS, {
    alone,
    ...Object.fromEntries(SCOPES.map((scopes) => [`${scopes}`, together(scopes)])),
  } as Record<string, () => Promise<{ tookMs: number; reads: number }>>);
  const timeOf = (name: string) => median((results[name] ?? []).map(({ tookMs }) => tookMs));
  const readsOf = (name: string) => median((results[name] ?? []).map((one) => one.reads));
  print(`  a read per viewer: ${readsOf("alone")} reads, ${format(timeOf("alone"))} ms`);
  for (const scopes of SCOPES) {
    print(`  ${scopes} scope(s): ${format(timeOf(`${scopes}`))} ms`);
    goal(
      "P8",
      `reads per signal, ${scopes} scope(s)`,
      readsOf(`${scopes}`),
      { atMost: scopes },
      "",
    );
  }
  goal("P8", "less time than a read per viewer, 1 scope", timeOf("alone") / timeOf("1"), {
    atLeast: 200,
  });
  const storm = await twice(1)();
  goal("P8", "reads for two signals in a row, 1 scope", storm.reads, { atMost: 2 }, "");
  await database.close();
  finish();
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  await rm(`${folder}.log`, { force: true });
}
