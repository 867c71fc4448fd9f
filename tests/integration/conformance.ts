import { randomUUID } from "node:crypto";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import {
  channel,
  createQueryBridge,
  createRealtimeClient,
  defineChannels,
  ids,
  live,
  signal,
  type Transport,
} from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  authorize,
  type Broker,
  byRls,
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createRelayLog,
  createSignalLog,
  type OpenDatabaseSession,
  type Relay,
  type RelayLog,
  type RuleContext,
  type Sql,
  type Viewer,
} from "querycast/server";
import { expect, test, vi } from "vitest";
import { createLogDatabase, port } from "./log-database.ts";

/** Transport of one run of the suite, with the faults that a test needs. */
export interface Delivery {
  readonly broker: Broker;
  /** Reads the log for the broker. Default: a relay. */
  readonly readLog?: (options: { readonly open: OpenDatabaseSession }) => RelayLog;
  /** Creates the transport of one browser of this viewer. */
  transport(viewerId: string): Transport;
  /** Called with the relay or hub that publishes to the broker. */
  fedBy?(relay: Relay): void;
  /** Interrupts delivery. */
  cut(): Promise<void>;
  /** Restores delivery. */
  restore(): Promise<void>;
  /** Publishes an event that no relay sends. */
  forge(wireName: string, name: string, data: unknown): Promise<void>;
  close(): Promise<void>;
}

const channels = defineChannels({
  article: channel("article.{articleId}")
    .signal("article.updated", ids("articleId"))
    .signal("article.withdrawn"),
});
type Row = { readonly revision: number };

/**
 * Requirements on every transport, with a real write, log, relay, broker, client and a real read under
 * row-level security.
 */
export function conformance(name: string, open: () => Promise<Delivery>): void {
  const setUp = async () => {
    const database = await createLogDatabase();
    await database.owner`alter table articles add column revision int not null default 0`;
    const delivery = await open();
    const log = createSignalLog({ sql: port(database.reader) });
    const { publish } = createPublisher({ channels, log });
    const { broker, readLog = createRelayLog } = delivery;
    const relay = createRelay({ log: readLog({ open: postgresJs(database.readerUrl) }), broker });
    relay.start();
    delivery.fedBy?.(relay);
    await vi.waitFor(() => expect(relay.health().state).toBe("leading"), 10_000);

    const readAs = <Result>({ id }: Viewer, fn: (tx: Sql) => Promise<Result>) =>
      database.reader.begin("read only", async (tx) => {
        await tx`select set_config('app.user_id', ${id}, true)`;
        return fn(port(tx));
      }) as Promise<Result>;
    const article = byRls(
      ({ articleId }: { articleId: string }, { tx }: RuleContext<Viewer, Sql>) =>
        tx`select from articles where id = ${articleId}`,
    );
    const handlers = (viewer: Viewer) =>
      createRealtimeHandler<Viewer, Sql>({
        authority: authorize(channels, { article }),
        getViewer: async () => viewer,
        read: readAs,
        log,
        broker: delivery.broker,
        secret: "a secret of at least 32 characters",
        allowedOrigins: [],
      });

    const closers: (() => void)[] = [];
    /** A browser of a viewer that shows one article. */
    const browse = async (viewerId: string, articleId: string) => {
      const viewer = { id: viewerId };
      const handle = handlers(viewer);
      const reports: string[] = [];
      const client = createRealtimeClient({
        channels,
        transport: delivery.transport(viewerId),
        fetch: (path, init) => handle(new Request(new URL(String(path), "http://site.test"), init)),
        onReport: ({ type }) => reports.push(type),
      });
      const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
      const bridge = createQueryBridge({ client, queryClient });
      const detach = bridge.attach();
      let fetches = 0;
      const queryFn = async (): Promise<Row | null> => {
        fetches += 1;
        const rows = await readAs(viewer, (tx) =>
          Promise.resolve(tx<Row>`select revision from articles where id = ${articleId}`),
        );
        return rows[0] ?? null;
      };
      const options = live({ queryKey: ["article", articleId], queryFn }, [
        channels.article({ articleId }),
      ]);
      const stop = new QueryObserver(queryClient, options).subscribe(() => {});
      closers.push(() => {
        stop();
        detach();
        client.close();
        queryClient.clear();
      });
      return {
        reports,
        fetches: () => fetches,
        signals: () => bridge.counts().signals,
        status: () => client.getState().status,
        isLive: () => vi.waitFor(() => expect(client.getState().status).toBe("live"), 15_000),
        shown: () => queryClient.getQueryData<Row | null>(options.queryKey),
        shows: (revision: number) =>
          vi.waitFor(
            () => expect(queryClient.getQueryData(options.queryKey)).toEqual({ revision }),
            10_000,
          ),
        /** Resolves when there was no read for 1.2 s, longer than a stale query may wait. */
        isQuiet: async () => {
          let before = -1;
          await vi.waitFor(
            () => {
              const now = fetches;
              const isQuiet = now === before;
              before = now;
              expect(isQuiet).toBe(true);
            },
            { timeout: 15_000, interval: 1_200 },
          );
        },
      };
    };

    const create = async ({ published = true } = {}) => {
      const articleId = randomUUID();
      await database.writer`insert into articles values (${articleId}, 'author', ${published})`;
      return articleId;
    };
    /** Publishes this number of signals in the transaction of the change. */
    const update = (articleId: string, revision: number, count = 1) =>
      database.writer.begin(async (tx) => {
        await tx`update articles set revision = ${revision} where id = ${articleId}`;
        const ref = channels.article({ articleId });
        const one = () => signal(ref, "article.updated", { articleId });
        await publish(Array.from({ length: count }, one), { tx: port(tx) });
      });
    const close = async () => {
      for (const each of closers) each();
      await relay.stop();
      await delivery.close();
      await database.close();
    };
    return { delivery, browse, create, update, close };
  };

  const scenario = (
    promise: string,
    body: (site: Awaited<ReturnType<typeof setUp>>) => Promise<void>,
  ) =>
    test(`${promise}, over ${name}`, async () => {
      const site = await setUp();
      try {
        await body(site);
      } finally {
        await site.close();
      }
    });

  scenario(
    "S3.10 a second viewer sees a commit, and no other article is read",
    async ({ browse, create, update }) => {
      const [one, two] = [await create(), await create()];
      const reader = await browse("reader", one);
      const other = await browse("reader", two);
      await Promise.all([reader.isLive(), other.isLive()]);
      await Promise.all([reader.isQuiet(), other.isQuiet()]);
      const before = other.fetches();
      await update(one, 1);
      await reader.shows(1);
      await reader.isQuiet();
      expect(other.fetches()).toBe(before);
    },
  );

  scenario(
    "S3.22 changes during an interrupted delivery become visible afterwards",
    async ({ browse, create, delivery, update }) => {
      const articleId = await create();
      const reader = await browse("reader", articleId);
      await reader.isLive();
      await reader.shows(0);
      for (const revision of [1, 2]) {
        await delivery.cut();
        await vi.waitFor(() => expect(reader.status()).toBe("degraded"));
        await update(articleId, revision);
        expect(reader.shown()).toEqual({ revision: revision - 1 });
        await delivery.restore();
        await reader.isLive();
        await reader.shows(revision);
      }
    },
  );

  scenario(
    "S3.23 a burst of 10, 100 or 1,000 signals causes at most three reads, and the last value is shown",
    async ({ browse, create, update }) => {
      const articleId = await create();
      const reader = await browse("reader", articleId);
      await reader.isLive();
      await reader.shows(0);
      let revision = 0;
      for (const size of [10, 100, 1_000]) {
        await reader.isQuiet();
        const before = reader.fetches();
        const arrived = reader.signals();
        revision += 1;
        await update(articleId, revision, size);
        await vi.waitFor(() => expect(reader.signals()).toBeGreaterThan(arrived));
        await reader.shows(revision);
        await reader.isQuiet();
        // One read at first, one for what arrives during it, and one for a burst that arrives in two parts.
        expect(reader.fetches() - before, `${size} signals`).toBeLessThanOrEqual(3);
        expect(reader.shown()).toEqual({ revision });
      }
    },
  );

  scenario(
    "60 commits in a row cause at most one read per 100 ms and one more, and the last value is shown",
    async ({ browse, create, update }) => {
      const articleId = await create();
      const reader = await browse("reader", articleId);
      await reader.isLive();
      await reader.isQuiet();
      const before = reader.fetches();
      const startedAt = performance.now();
      for (let revision = 1; revision <= 60; revision += 1) await update(articleId, revision);
      const burstMs = performance.now() - startedAt;
      await reader.shows(60);
      await reader.isQuiet();
      // At most one read per 100 ms, and a trailing one.
      expect(reader.fetches() - before).toBeLessThanOrEqual(Math.ceil(burstMs / 100) + 2);
      expect(reader.shown()).toEqual({ revision: 60 });
    },
  );

  scenario(
    "I5 a repeated or reordered signal causes at most one read, and older data is never shown",
    async ({ browse, create, delivery, update }) => {
      const articleId = await create();
      const reader = await browse("reader", articleId);
      await reader.isLive();
      await update(articleId, 7);
      await reader.shows(7);
      await reader.isQuiet();
      const before = reader.fetches();
      const frame = (id: string) => ({ v: 1, id, ids: [{ articleId }] });
      for (const id of ["a2", "a1", "a2", "a1"]) {
        await delivery.forge(`private-article.${articleId}.e0`, "article.updated", frame(id));
      }
      await vi.waitFor(() => expect(reader.fetches()).toBeGreaterThan(before));
      await reader.isQuiet();
      // Two different signals: at most one read each, or one for both.
      expect(reader.fetches() - before).toBeLessThanOrEqual(2);
      for (const id of ["a1", "a2"]) {
        await delivery.forge(`private-article.${articleId}.e0`, "article.updated", frame(id));
      }
      await reader.isQuiet();
      expect(reader.fetches() - before).toBeLessThanOrEqual(2);
      expect(reader.shown()).toEqual({ revision: 7 });
    },
  );

  scenario(
    "S3.24 a forged signal only causes a read, and the server decides what the viewer sees",
    async ({ browse, create, delivery }) => {
      const articleId = await create();
      const reader = await browse("reader", articleId);
      await reader.isLive();
      await reader.isQuiet();
      const wireName = `private-article.${articleId}.e0`;
      const forgeries = [
        { v: 1, id: "f1", ids: [{ articleId }], revision: 99 },
        { v: 99, id: "f2" },
        "[{",
        null,
      ];
      for (const forgery of forgeries) {
        const before = reader.fetches();
        await delivery.forge(wireName, "article.updated", forgery);
        await vi.waitFor(() => expect(reader.fetches()).toBeGreaterThan(before));
        expect(reader.shown()).toEqual({ revision: 0 });
      }
      await delivery.forge(wireName, "nobody.knows", {});
      await reader.isQuiet();
      expect(reader.fetches()).toBeGreaterThan(0);
    },
  );

  scenario("only its author can join a draft", async ({ browse, create, update }) => {
    const articleId = await create({ published: false });
    const author = await browse("author", articleId);
    const stranger = await browse("stranger", articleId);
    await author.isLive();
    await vi.waitFor(() => expect(stranger.reports).toEqual(["denied"]));
    await stranger.isQuiet();
    const before = stranger.fetches();
    await update(articleId, 1);
    await author.shows(1);
    expect(stranger.fetches()).toBe(before);
    expect(stranger.shown()).toBeNull();
  });
}
