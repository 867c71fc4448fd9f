import { readFile } from "node:fs/promises";
import type { OutgoingSignal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createPublisher,
  createRelay,
  createRelayLog,
  createSignalLog,
  type Sql,
} from "querycast/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { auditLog } from "@/db/schema.ts";
import { toSql } from "@/db/to-sql.ts";
import { acceptApp } from "@/features/admin/keys/accept-app.ts";
import { addApp } from "@/features/admin/keys/add-app.ts";
import { checkApp } from "@/features/admin/keys/check-app.ts";
import type { Keeper, KeysContext } from "@/features/admin/keys/keeper.ts";
import { listApps } from "@/features/admin/keys/list-apps.ts";
import { makeCurrent } from "@/features/admin/keys/make-current.ts";
import { retireApp } from "@/features/admin/keys/retire-app.ts";
import { addAppInput } from "@/features/admin/keys/schema.ts";
import type { Broker as BrokerSettings } from "@/lib/env/broker.ts";
import { createSiteBroker, sealSecret } from "@/wiring/realtime/broker-apps.ts";
import { createCheckApp } from "@/wiring/realtime/check-app.ts";
import { freePort } from "../../scripts/parts/ports.ts";
import { createPusherBroker } from "../../src/realtime/transports/pusher/server.ts";
import { ownClientNames } from "../support/broker-clients.ts";
import { serveBelow } from "../support/serve-below.ts";
import { createSiteDatabase, type SiteDatabase } from "../support/site-database.ts";
import { startOwnSoketi } from "../support/soketi.ts";
import { createPages, page } from "./broker-keys-pages.ts";
import { listen } from "./relay-listener.ts";
import { insertRows, viewers } from "./rls-rows.ts";

// A separate broker: its apps change, which must not disturb other files.
const soketi = await startOwnSoketi();
const { host, port } = soketi;
const serverSecret = "a secret of at least 32 characters";
const settings: BrokerSettings = {
  ...soketi,
  tls: false,
  public: { key: soketi.key, host, port, tls: false },
};

let site: SiteDatabase;
/** The second app of soketi.json. */
let second: { readonly id: string; readonly key: string; readonly secret: string };
const closers: (() => unknown)[] = [];
const closeAfterEach: (() => unknown)[] = [];
/** A process of the site has its own broker object and reads the database. */
const newBroker = () => createSiteBroker(site.database, { settings, secret: serverSecret });

beforeAll(async () => {
  const config = JSON.parse(await readFile("soketi.json", "utf8")) as Record<string, unknown>;
  second = (config["appManager.array.apps"] as (typeof second)[])[1] ?? second;
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  await site.owner`delete from phase_settings`;
  await site.owner`delete from channel_settings`;
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(site.appUrl, { connection: { role: "app_relay" } }) }),
    broker: newBroker(),
  });
  relay.start();
  closers.push(relay.stop);
  // Before the relay has stored its first delivery, new pages poll for a while.
  await vi.waitFor(async () => expect(await log.relayAgeMs?.()).not.toBeNull(), {
    timeout: 15_000,
  });
});
afterEach(async () => {
  for (const close of closeAfterEach.splice(0).reverse()) await close();
});
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await site.close();
  await soketi.stop();
});
beforeEach(async () => {
  await site.owner`delete from broker_apps`;
});

const readLog: Sql = (text, ...values) =>
  site.database.asRelay(async (tx) => toSql(tx)(text, ...values));
const log = createSignalLog({ sql: readLog });
const { publish } = createPublisher({ channels, log });
const write = (...signals: readonly OutgoingSignal[]) =>
  site.contexts.write(viewers.ann)(({ tx }) => publish(signals, { tx: toSql(tx) }));

const keeper: Keeper = {
  start: settings,
  seal: (app) => sealSecret(app, serverSecret),
  check: (appId) =>
    createCheckApp(site.database, { settings, secret: serverSecret, timeoutMs: 1_000 })(appId),
};
const as =
  (viewer: (typeof viewers)["kay" | "ann"]) =>
  <Input>(verb: (ctx: KeysContext, input: Input) => Promise<void>, input: Input) =>
    site.contexts.write(viewer)((ctx) => verb({ ...ctx, ...keeper }, input));
const asAdmin = as(viewers.kay);
const list = () => site.contexts.read(viewers.kay)((ctx) => listApps({ ...ctx, ...keeper }));
const states = async () => (await list()).map(({ id, status }) => `${id} ${status}`);
/** A new app cannot become current at once. */
const makeCurrentWhenServed = (id: string) =>
  vi.waitFor(() => asAdmin(makeCurrent, { id }), { timeout: 15_000, interval: 200 });

const { openRoute, ask, openPage, writeThroughout, written } = createPages({
  ...{ log, newBroker, write, soketi, closeAfterEach },
  site: () => site,
  secret: serverSecret,
});
beforeEach(() => {
  written.length = 0;
});

test.each(ownClientNames)(
  "B1 B3 a key rotation during writes drops no connection over %s and loses no signal, and the retired app receives none",
  {
    timeout: 60_000,
  },
  async (over) => {
    const old = openPage(soketi.key, over);
    await old.isLive();
    const gapsBefore = old.gaps.count;
    const writer = writeThroughout();
    // Keeps a valid signature for the old app and never requests a new one.
    const eavesdropper = listen(soketi, createPusherBroker({ ...soketi, tls: false }));
    closeAfterEach.push(eavesdropper.close);
    await eavesdropper.join(`private-${page.name}.e0`);

    await asAdmin(addApp, second);
    await makeCurrentWhenServed(second.id);
    // The route of every process returns the new key within a second.
    const route = openRoute();
    expect((await ask(route, { type: "rollout" })).body.key).toBe(second.key);
    const young = openPage(second.key, over);
    await young.isLive();
    const during = new Set(written);
    await vi.waitFor(
      () => {
        expect([...during].filter((id) => !old.heard.has(id))).toEqual([]);
        expect(written.slice(during.size).some((id) => young.heard.has(id))).toBe(true);
        expect(written.slice(during.size).some((id) => old.heard.has(id))).toBe(true);
      },
      { timeout: 15_000 },
    );
    expect([old.keys, old.lost]).toEqual([[soketi.key], []]);

    await asAdmin(retireApp, { id: soketi.appId });
    await vi.waitFor(() => expect(old.keys).toEqual([soketi.key, second.key]), { timeout: 15_000 });
    await old.isLive();
    const framesBefore = eavesdropper.frames.length;
    const writtenBefore = written.length;
    await vi.waitFor(() => expect(written.length).toBeGreaterThan(writtenBefore + 20), {
      timeout: 15_000,
    });
    await writer.stop();
    await vi.waitFor(
      () => {
        expect(written.filter((id) => !old.heard.has(id))).toEqual([]);
        const sinceOpen = written.filter((id) => !during.has(id));
        expect(sinceOpen.filter((id) => !young.heard.has(id))).toEqual([]);
      },
      { timeout: 15_000 },
    );
    expect([old.gaps.count, old.lost, young.lost]).toEqual([gapsBefore, [], []]);
    const told = eavesdropper.frames.slice(framesBefore).map(({ name }) => name);
    expect(told.filter((name) => name !== "querycast.moved")).toEqual([]);
  },
);

test("B4 a socket of a retired or unknown app gets no signature, and the response contains the current key", async () => {
  await asAdmin(addApp, second);
  await makeCurrentWhenServed(second.id);
  const asked = { socketId: "1.1", channels: [page.name] };
  const signerOf = async (key?: string) => {
    const { status, body } = await ask(openRoute(), { type: "join", key, ...asked });
    const [result] = (body.results ?? []) as { readonly auth?: string }[];
    return [status, result?.auth?.split(":")[0] ?? body];
  };
  expect(await signerOf()).toEqual([200, second.key]);
  expect(await signerOf(second.key)).toEqual([200, second.key]);
  expect(await signerOf(soketi.key)).toEqual([200, soketi.key]);
  await asAdmin(retireApp, { id: soketi.appId });
  const refusal = [409, { v: 1, error: "unknown_key", key: second.key }];
  expect(await signerOf(soketi.key)).toEqual(refusal);
  expect(await signerOf("made-up")).toEqual(refusal);
  for (const key of ["", "x".repeat(129), 7, null, {}]) {
    expect((await ask(openRoute(), { type: "join", key, ...asked })).status).toBe(400);
  }
  for (const type of ["sign-in", "rollout"]) {
    const { status, body } = await ask(openRoute(), { type, socketId: "1.1", key: soketi.key });
    expect([status, body]).toEqual(refusal);
  }
  await asAdmin(acceptApp, { id: soketi.appId });
  expect(await signerOf(soketi.key)).toEqual([200, soketi.key]);
});

test("an app's secret is stored encrypted, is never shown or logged, and each change is in the audit log", async () => {
  await asAdmin(addApp, second);
  await makeCurrentWhenServed(second.id);
  await asAdmin(retireApp, { id: soketi.appId });
  await asAdmin(acceptApp, { id: soketi.appId });
  const rows = await site.owner`select * from broker_apps order by id`;
  expect(rows.map(({ id, status }) => [id, status])).toEqual([
    [soketi.appId, "accepted"],
    [second.id, "current"],
  ]);
  const notes =
    await site.owner`select * from audit_log where action like 'broker-app.%' order by at`;
  expect(notes.slice(-4).map(({ action, subject }) => `${action} ${subject}`)).toEqual([
    `broker-app.added app ${second.id}`,
    `broker-app.made-current app ${second.id}`,
    `broker-app.retired app ${soketi.appId}`,
    `broker-app.accepted app ${soketi.appId}`,
  ]);
  const everything = JSON.stringify([rows, notes, await list()]);
  for (const secret of [second.secret, soketi.secret]) expect(everything).not.toContain(secret);
  // An undecryptable secret changes nothing: the known apps stay valid, and an error is logged.
  const errors: unknown[] = [];
  const other = createSiteBroker(site.database, {
    settings,
    secret: "another secret of 32 characters!",
    onError: (error) => errors.push(error),
  });
  expect((await other.apps()).current).toBe(soketi.key);
  expect(errors).toMatchObject([{ message: expect.stringContaining("QUERYCAST_SECRET") }]);
});

test("only admins change keys, and a change that leaves pages without an app is refused with a remedy", async () => {
  const isRefused = (act: Promise<unknown>, code: string, words: string) =>
    expect(act).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  for (const verb of [makeCurrent, acceptApp, retireApp]) {
    await isRefused(as(viewers.ann)(verb, { id: soketi.appId }), "forbidden", "admins");
  }
  await isRefused(as(viewers.ann)(addApp, second), "forbidden", "admins");
  expect(await states()).toEqual([`${soketi.appId} current`]);

  await isRefused(
    asAdmin(retireApp, { id: soketi.appId }),
    "conflict",
    "Make another app current first",
  );
  await isRefused(asAdmin(makeCurrent, { id: "nowhere" }), "not_found", "Add it first");
  await asAdmin(addApp, second);
  await isRefused(asAdmin(addApp, second), "conflict", "already");
  await isRefused(asAdmin(addApp, { ...second, id: "third" }), "conflict", "already");
  await isRefused(asAdmin(makeCurrent, { id: second.id }), "conflict", "every server");
  await asAdmin(retireApp, { id: second.id });
  await isRefused(asAdmin(makeCurrent, { id: second.id }), "conflict", "Accept it first");
  expect(await states()).toEqual([`${soketi.appId} current`, `${second.id} retired`]);
  expect(addAppInput.safeParse({ id: "a:b", key: "", secret: "short" }).error?.issues).toHaveLength(
    3,
  );
});

test("an app that the broker refuses cannot become current, and the error contains the reason", async () => {
  const isRefused = async (app: typeof second, words: string) => {
    await site.owner`delete from broker_apps`;
    await asAdmin(addApp, app);
    await site.owner`update broker_apps set updated_at = now() - interval '1 minute'`;
    const refusal = { code: "conflict", message: expect.stringContaining(words) };
    await expect(
      checkApp({ viewer: viewers.kay, ...keeper }, { id: app.id }),
    ).rejects.toMatchObject(refusal);
    await expect(asAdmin(makeCurrent, { id: app.id })).rejects.toMatchObject(refusal);
    expect(await states()).toEqual([`${soketi.appId} current`, `${app.id} accepted`]);
  };
  await isRefused({ ...second, secret: "a wrong secret" }, "refused the key or the secret");
  await isRefused({ ...second, key: "another-key" }, "refused the key or the secret");
  await isRefused({ ...second, id: "no-such-app" }, "knows no app no-such-app");
  process.kill(soketi.pid(), "SIGSTOP");
  try {
    await isRefused(second, "did not answer in time");
  } finally {
    process.kill(soketi.pid(), "SIGCONT");
  }
  const nowhere = { ...settings, port: await freePort() };
  await expect(
    createCheckApp(site.database, { settings: nowhere, secret: serverSecret })(second.id),
  ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("unreachable") });

  await checkApp({ viewer: viewers.kay, ...keeper }, { id: second.id });
  await asAdmin(makeCurrent, { id: second.id });
  expect(await states()).toContain(`${second.id} current`);
  await expect(
    checkApp({ viewer: viewers.ann, ...keeper }, { id: second.id }),
  ).rejects.toMatchObject({ code: "forbidden" });
});

test("an app of a broker behind a path is checked there", async () => {
  const front = await serveBelow("/live", soketi.port);
  closeAfterEach.push(front.close);
  const check = (path: string) =>
    createCheckApp(site.database, {
      settings: { ...settings, port: front.port, path },
      secret: serverSecret,
    })(soketi.appId);
  await check("/live");
  await expect(check("/elsewhere")).rejects.toMatchObject({ code: "conflict" });
});

test("a refused change is not recorded", async () => {
  const count = () => site.database.readAs(viewers.kay, (tx) => tx.select().from(auditLog));
  const before = (await count()).length;
  await expect(asAdmin(retireApp, { id: soketi.appId })).rejects.toThrow();
  expect((await count()).length).toBe(before);
});
