import type { OutgoingSignal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createPublisher,
  createRelay,
  createRelayLog,
  createSignalLog,
  type Sql,
} from "querycast/server";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { toSql } from "@/db/connection/to-sql.ts";
import { acceptApp } from "@/features/admin/keys/accept-app.ts";
import { addApp } from "@/features/admin/keys/add-app.ts";
import { retireApp } from "@/features/admin/keys/retire-app.ts";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { ownClientNames } from "../../support/broker/broker-clients.ts";
import { listen } from "../../support/broker/relay-listener.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { createPages, page } from "./broker-keys-pages.ts";
import { createKeysRig } from "./broker-keys-rig.ts";

const { soketi, site, second, newBroker, serverSecret, ...rig } = await createKeysRig();
const { asAdmin, makeCurrentWhenServed, closeAfterEach } = rig;

const readLog: Sql = (text, ...values) =>
  site().database.asRelay(async (tx) => toSql(tx)(text, ...values));
const log = createSignalLog({ sql: readLog });
const { publish } = createPublisher({ channels, log });
const write = (...signals: readonly OutgoingSignal[]) =>
  site().contexts.write(viewers.ann)(({ tx }) => publish(signals, { tx: toSql(tx) }));

beforeAll(async () => {
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(site().appUrl, { connection: { role: "app_relay" } }) }),
    broker: newBroker(),
  });
  relay.start();
  rig.closeAtEnd.push(relay.stop);
  // Before the relay has stored its first delivery, new pages poll for a while.
  await vi.waitFor(async () => expect(await log.relayAgeMs?.()).not.toBeNull(), {
    timeout: 15_000,
  });
});

const { openRoute, ask, openPage, writeThroughout, written } = createPages({
  log,
  newBroker,
  write,
  soketi,
  closeAfterEach,
  site,
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
        expect([...during].filter((id) => !old.received.has(id))).toEqual([]);
        expect(written.slice(during.size).some((id) => young.received.has(id))).toBe(true);
        expect(written.slice(during.size).some((id) => old.received.has(id))).toBe(true);
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
        expect(written.filter((id) => !old.received.has(id))).toEqual([]);
        const sinceOpen = written.filter((id) => !during.has(id));
        expect(sinceOpen.filter((id) => !young.received.has(id))).toEqual([]);
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
