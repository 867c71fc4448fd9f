import { randomUUID } from "node:crypto";
import { createRealtimeClient, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createRelayLog,
  createSignalLog,
  type Sql,
} from "querycast/server";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { toSql } from "@/db/connection/to-sql.ts";
import { authority, type SiteViewer } from "@/wiring/realtime/access/rules.ts";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { brokerClients, type ownClientNames } from "../../support/broker/broker-clients.ts";
import { sharedSoketi } from "../../support/broker/soketi.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { createHostileClient } from "./hostile-client.ts";

const { resource, user } = channels;
type Ref = ReturnType<typeof resource> | ReturnType<typeof user>;

/**
 * A site with a relay to Soketi, its route and publisher, and clients that follow the protocol or do not. Opened before
 * the tests of the file, and closed after them.
 */
export function createRevocationRig() {
  const soketi = sharedSoketi();
  const broker = createPusherBroker({ ...soketi, tls: false });
  const closers: (() => unknown)[] = [];
  let opened: SiteDatabase | undefined;
  const site = () => {
    if (opened === undefined) throw new TypeError("The site is open during tests only.");
    return opened;
  };
  beforeAll(async () => {
    opened = await createSiteDatabase();
    const { appUrl, close } = opened;
    closers.push(close, broker.close);
    const relay = createRelay({
      log: createRelayLog({ open: postgresJs(appUrl, { connection: { role: "app_relay" } }) }),
      broker,
    });
    relay.start();
    closers.push(relay.stop);
  });
  afterAll(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  const readLog: Sql = (text, ...values) =>
    site().database.asRelay(async (tx) => toSql(tx)(text, ...values));
  const log = createSignalLog({ sql: readLog });
  const { publish, revoke } = createPublisher({ channels, log });

  /** The site's route. Without a session it answers 401, as for a revoked session. */
  function routeFor(viewer: () => SiteViewer | null): typeof fetch {
    const handle = createRealtimeHandler({
      authority,
      getViewer: async () => viewer(),
      read: ({ id, role }, fn) => site().database.readAs({ userId: id, role }, fn),
      log,
      broker,
      secret: "a secret of at least 32 characters",
      allowedOrigins: [],
      rateLimit: { take: () => 0 },
    });
    return (path, init) => handle(new Request(new URL(String(path), "http://site.test"), init));
  }

  /** Sends a request of the protocol to the site's route. */
  async function ask<Answer>(viewer: SiteViewer, request: object): Promise<Answer> {
    const response = await routeFor(() => viewer)("/api/realtime", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ v: 1, ...request }),
    });
    return (await response.json()) as Answer;
  }

  /** A user with rows in the tables. */
  async function newPerson(): Promise<SiteViewer & { readonly sessionId: string }> {
    const [id, sessionId] = [randomUUID(), randomUUID()];
    await site().owner`
      insert into users (id, handle, name, role)
      values (${id}, ${`h${id.slice(0, 8)}`}, 'Somebody', 'author')`;
    await site().owner`
      insert into sessions (id, user_id, expires_at)
      values (${sessionId}, ${id}, now() + interval '1 day')`;
    return { id, sessionId, role: "author" };
  }

  async function hostile(viewer: SiteViewer, refs: readonly Ref[]) {
    const client = await createHostileClient({
      ...soketi,
      channels: refs.map(({ name }) => name),
      join: (socketId, names) => ask(viewer, { type: "join", socketId, channels: names }),
    });
    closers.push(client.close);
    return client;
  }

  /** A page that follows the protocol. */
  function honest(
    viewer: () => SiteViewer | null,
    ref: Ref,
    { host, port }: { readonly host: string; readonly port: number } = soketi,
    over: (typeof ownClientNames)[number] = "pusher-js",
  ) {
    const own = brokerClients[over]();
    closers.push(own.close);
    const received: string[] = [];
    const forgotten: string[] = [];
    const client = createRealtimeClient({
      channels,
      transport: own.transport({ key: soketi.key, host, port }),
      fetch: routeFor(viewer),
    });
    closers.push(client.close);
    client.observe({ signal: () => {}, gap: () => {}, revoked: (name) => forgotten.push(name) });
    client.subscribe(ref, {
      signal: ({ ids }) =>
        received.push(...(ids?.map((each) => Object.values(each)[0] ?? "") ?? ["anything"])),
      gap: () => received.push("gap"),
    });
    const isLive = () => vi.waitFor(() => expect(client.getState().status).toBe("live"), 10_000);
    return { client, received, forgotten, isLive };
  }

  const commentOn = (ref: ReturnType<typeof resource>, commentId: string) =>
    site().owner.begin((tx) =>
      publish(signal(ref, "comment.created", { commentId }), { tx: tx as unknown as Sql }),
    );
  return {
    site,
    soketi,
    broker,
    closers,
    publish,
    revoke,
    ask,
    newPerson,
    hostile,
    honest,
    commentOn,
  };
}
