import { randomUUID } from "node:crypto";
import { signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createFollowLog,
  createRelay,
  createRelayLog,
  createSignalInspector,
  type Sql,
} from "querycast/server";
import { createSseHub } from "querycast/transports/sse/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { toSql } from "@/db/connection/to-sql.ts";
import { readState } from "@/features/admin/signals/read-state.ts";
import { relayStatus } from "@/features/admin/signals/relay-status.ts";
import type { OperatorContext } from "@/wiring/context-types.ts";
import { readDelivery } from "@/wiring/realtime/relay/read-delivery.ts";
import { createRelayRecord } from "@/wiring/realtime/relay/relay-record.ts";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { startOwnSoketi } from "../../support/broker/soketi.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

const page = channels.resource({ resourceType: "article", resourceId: idOf("article") });

let site: SiteDatabase;
const closers: (() => unknown)[] = [];
beforeEach(async () => {
  site = await createSiteDatabase();
  closers.push(site.close);
  await insertRows(site.ownerUrl);
  await site.owner`delete from relay_report`;
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const readLog: Sql = (text, ...values) =>
  site.database.asRelay(async (tx) => toSql(tx)(text, ...values));
const open = () => postgresJs(site.appUrl, { connection: { role: "app_relay" } });
const write = (amount = 1) =>
  site.contexts.write(viewers.ann)((ctx) =>
    ctx.publish(
      ...Array.from({ length: amount }, () =>
        signal(page, "comment.created", { commentId: randomUUID() }),
      ),
    ),
  );

/** The console of another process: it has only the database. */
const stateOf = (delivery: OperatorContext["delivery"]) =>
  readState({
    signals: createSignalInspector({ sql: readLog }),
    delivery,
    browserReports: async () => ({ signals: 0, fetches: 0 }),
  } as OperatorContext);

test("the console of every process shows a frozen broker as failing, then blocked, with the last error, then healthy", {
  timeout: 90_000,
}, async () => {
  const soketi = await startOwnSoketi();
  closers.push(soketi.stop);
  const broker = createPusherBroker({ ...soketi, tls: false, timeoutMs: 1_000 });
  closers.push(broker.close);
  const record = createRelayRecord({
    database: site.database,
    process: "one:1",
    onError: () => {},
  });
  const relay = createRelay({
    log: createRelayLog({ open: open() }),
    broker,
    onEvent: record.note,
    random: () => 0.1,
  });
  const delivery = () =>
    readDelivery(viewers.kay, {
      database: site.database,
      readLog,
      hub: null,
      hasBroker: true,
      relayHealth: () => null,
    });
  const state = () => stateOf(delivery);
  const becomes = (expected: object) =>
    vi.waitFor(async () => expect(await state()).toMatchObject(expected), {
      timeout: 30_000,
      interval: 200,
    });

  expect(await state()).toMatchObject({
    relay: "none",
    delivery: { leader: null, lastError: null },
  });
  relay.start();
  closers.push(relay.stop);
  await write();
  await becomes({
    relay: "healthy",
    pending: 0,
    delivery: { leader: "one:1", failures: 0, lastError: null, caughtUpMsAgo: expect.any(Number) },
  });

  process.kill(soketi.pid(), "SIGSTOP");
  try {
    await write(38);
    await becomes({ relay: "failing", pending: expect.any(Number) });
    await becomes({
      relay: "blocked",
      isLed: true,
      delivery: { leader: "one:1", lastError: { message: expect.stringContaining("1000 ms") } },
    });
    const { delivery: facts, lagMs, pending } = await state();
    expect(pending).toBeGreaterThan(0);
    expect(lagMs).toBeGreaterThan(10_000);
    expect(facts).toMatchObject({ failures: expect.any(Number) });
  } finally {
    process.kill(soketi.pid(), "SIGCONT");
  }
  await becomes({
    relay: "healthy",
    pending: 0,
    delivery: { failures: 0, lastError: { message: expect.stringContaining("1000 ms") } },
  });
  await relay.stop();
  await becomes({ relay: "none", isLed: false, delivery: { leader: "one:1" } });
});

test("signals that wait without a failure are shown as behind", async () => {
  const backlog = { pending: 3, lagMs: 2_500, isLed: true };
  expect(relayStatus(backlog, { failures: 0 }, 2_000)).toBe("behind");
});

test("over SSE the console shows streams and followers and no waiting signals, though none is marked as delivered", async () => {
  const hub = createSseHub({ secret: "a secret of at least 32 characters" });
  closers.push(hub.close);
  const follow = () =>
    createRelay({ log: createFollowLog({ open: open(), prunes: true }), broker: hub });
  const [relay, other] = [follow(), follow()];
  const state = () =>
    stateOf(() =>
      readDelivery(viewers.kay, {
        database: site.database,
        readLog,
        hub,
        hasBroker: true,
        relayHealth: relay.health,
      }),
    );
  expect(await state()).toMatchObject({ relay: null, delivery: { isFollowing: false } });
  for (const each of [relay, other]) {
    each.start();
    closers.push(each.stop);
  }
  const written: string[] = [];
  const socketId = `${Date.now()}.5`; // a stream ends by the age of its id
  const wireName = `private-${page.name}.e0`;
  const viewer = { id: idOf("rea"), sessionId: "one" };
  closers.push(
    hub.open({
      viewer,
      isValid: async () => true,
      request: {
        v: 1,
        socketId,
        channels: [{ wireName, auth: await hub.signJoin(socketId, wireName, viewer) }],
      },
      sink: {
        write: (chunk) => void written.push(new TextDecoder().decode(chunk)),
        queuedBytes: () => 0,
        end: () => {},
        drop: () => {},
      },
    }),
  );
  await vi.waitFor(
    async () =>
      expect(await state()).toMatchObject({
        relay: null,
        pending: 0,
        lagMs: 0,
        delivery: { mode: "sse", streams: 1, subscriptions: 1, followers: 2, isFollowing: true },
      }),
    { timeout: 20_000, interval: 200 },
  );
  // With a follower, the log does not record what the streams have delivered.
  await write(38);
  await vi.waitFor(() => expect(written.join("")).toContain("comment.created"));
  expect((await createSignalInspector({ sql: readLog }).backlog()).pending).toBeGreaterThan(0);
  expect(await state()).toMatchObject({ pending: 0, lagMs: 0, relay: null });
});
