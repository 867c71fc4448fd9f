import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { createQueryBridge, createRealtimeClient, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createRelayLog,
  createSignalLog,
  type Sql,
} from "querycast/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { endExpiredSessions } from "@/auth/session/end-expired-sessions.ts";
import { revokeSession } from "@/auth/session/revoke-session.ts";
import { channels } from "@/channels/index.ts";
import { toSql } from "@/db/to-sql.ts";
import { listSessions } from "@/features/sessions/list-sessions.ts";
import { sessionsQuery } from "@/features/sessions/queries.ts";
import { authority, type Member } from "@/wiring/realtime/rules.ts";
import { pusher } from "../../src/realtime/transports/pusher/client.ts";
import { createPusherBroker } from "../../src/realtime/transports/pusher/server.ts";
import { createLine } from "../support/line.ts";
import { openRawSocket } from "../support/raw-socket.ts";
import { createSiteDatabase, type SiteDatabase } from "../support/site-database.ts";
import { sharedSoketi } from "../support/soketi.ts";

const { resource, user } = channels;
type Ref = ReturnType<typeof resource> | ReturnType<typeof user>;

let site: SiteDatabase;
const soketi = sharedSoketi();
const broker = createPusherBroker({ ...soketi, tls: false });
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  site = await createSiteDatabase();
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(site.appUrl, { connection: { role: "app_relay" } }) }),
    broker,
  });
  relay.start();
  closers.push(relay.stop);
});
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  broker.close();
  await site.close();
});

const readLog: Sql = (text, ...values) =>
  site.database.asRelay(async (tx) => toSql(tx)(text, ...values));
const log = createSignalLog({ sql: readLog });
const { publish, revoke } = createPublisher({ channels, log });

/** The site's route. Without a session it answers 401, as for a revoked session. */
function routeFor(viewer: () => Member | null): typeof fetch {
  const handle = createRealtimeHandler({
    authority,
    getViewer: async () => viewer(),
    read: ({ id, role }, fn) => site.database.readAs({ userId: id, role }, fn),
    log,
    broker,
    secret: "a secret of at least 32 characters",
    allowedOrigins: [],
    rateLimit: { take: () => 0 },
  });
  return (path, init) => handle(new Request(new URL(String(path), "http://site.test"), init));
}

/** Sends a request of the protocol to the site's route. */
async function ask<Answer>(viewer: Member, request: object): Promise<Answer> {
  const response = await routeFor(() => viewer)("/api/realtime", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ v: 1, ...request }),
  });
  return (await response.json()) as Answer;
}

/** A user with rows in the tables. */
async function newPerson(): Promise<Member & { readonly sessionId: string }> {
  const [id, sessionId] = [randomUUID(), randomUUID()];
  await site.owner`
    insert into users (id, handle, name, role)
    values (${id}, ${`h${id.slice(0, 8)}`}, 'Somebody', 'author')`;
  await site.owner`
    insert into sessions (id, user_id, expires_at)
    values (${sessionId}, ${id}, now() + interval '1 day')`;
  return { id, sessionId, role: "author" };
}

/**
 * A hostile client: it does not sign in to the broker, never leaves, ignores every event, and repeatedly requests
 * every wire name that it ever got a signature for, and their successors.
 */
async function hostile(viewer: Member, refs: readonly Ref[]) {
  const socket = new WebSocket(
    `ws://${soketi.host}:${soketi.port}/app/${soketi.key}?protocol=7&client=js&version=8.6.0`,
  );
  closers.push(() => socket.terminate());
  const heard: { event: string; channel?: string; data: string; atMs: number }[] = [];
  socket.on("message", (bytes) =>
    heard.push({ ...JSON.parse(String(bytes)), atMs: performance.now() }),
  );
  await once(socket, "message");
  const socketId = (JSON.parse(heard[0]?.data ?? "") as { socket_id: string }).socket_id;
  const { results } = await ask<{ results: { wireName: string; auth: string }[] }>(viewer, {
    type: "join",
    socketId,
    channels: refs.map((ref) => ref.name),
  });
  const insist = () => {
    for (const { wireName, auth } of results) {
      const next = wireName.replace(/\d+$/, (epoch) => String(Number(epoch) + 1));
      for (const channel of [wireName, next]) {
        socket.send(JSON.stringify({ event: "pusher:subscribe", data: { channel, auth } }));
      }
    }
  };
  insist();
  await vi.waitFor(() =>
    expect(
      heard.filter(({ event }) => event === "pusher_internal:subscription_succeeded"),
    ).toHaveLength(refs.length),
  );
  return {
    insist,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    signals: () => heard.filter(({ event }) => !/^pusher|^querycast\./.test(event)),
    notices: () => heard.filter(({ event }) => event === "querycast.moved"),
  };
}

/** A page that follows the protocol. */
function honest(
  viewer: () => Member | null,
  ref: Ref,
  { host, port }: { readonly host: string; readonly port: number } = soketi,
) {
  const heard: string[] = [];
  const forgotten: string[] = [];
  const client = createRealtimeClient({
    channels,
    transport: pusher({ key: soketi.key, host, port, tls: false }),
    fetch: routeFor(viewer),
  });
  closers.push(client.close);
  client.observe({ signal: () => {}, gap: () => {}, revoked: (name) => forgotten.push(name) });
  client.subscribe(ref, {
    signal: ({ ids }) =>
      heard.push(...(ids?.map((each) => Object.values(each)[0] ?? "") ?? ["anything"])),
    gap: () => heard.push("gap"),
  });
  const isLive = () => vi.waitFor(() => expect(client.getState().status).toBe("live"), 10_000);
  return { client, heard, forgotten, isLive };
}

const commentOn = (ref: ReturnType<typeof resource>, commentId: string) =>
  site.owner.begin((tx) =>
    publish(signal(ref, "comment.created", { commentId }), { tx: tx as unknown as Sql }),
  );

interface Case {
  readonly what: string;
  readonly refer: (id: string) => ReturnType<typeof resource>;
  readonly insert: (id: string, owner: string) => Promise<unknown>;
  readonly end: (id: string) => Promise<unknown>;
}
const cases: readonly Case[] = [
  {
    what: "an article unpublished",
    refer: (resourceId) => resource({ resourceType: "article", resourceId }),
    insert: (id, owner) => site.owner`
      insert into articles (id, slug, title, excerpt, body, author_id, published_at)
      values (${id}, ${id}, 'T', 'E', 'B', ${owner}, now())`,
    end: (id) => site.owner`update articles set published_at = null where id = ${id}`,
  },
  {
    what: "a gist made private",
    refer: (resourceId) => resource({ resourceType: "gist", resourceId }),
    insert: (id, owner) => site.owner`
      insert into gists (id, title, description, visibility, owner_id)
      values (${id}, 'T', 'D', 'public', ${owner})`,
    end: (id) => site.owner`update gists set visibility = 'private' where id = ${id}`,
  },
];

test.each(cases)(
  "S3.9 V1 V2 V3 after $what a hostile client receives nothing after the commit, a reader drops its data, the owner continues",
  async ({ refer, insert, end }) => {
    const [owner, reader, enemy] = [await newPerson(), await newPerson(), await newPerson()];
    const id = randomUUID();
    await insert(id, owner.id);
    const ref = refer(id);
    const theirs = await hostile(enemy, [ref]);
    const [own, other] = [honest(() => owner, ref), honest(() => reader, ref)];
    await own.isLive();
    await other.isLive();
    await commentOn(ref, "before");
    await vi.waitFor(() =>
      expect([theirs.signals().length, own.heard.at(-1)]).toEqual([1, "before"]),
    );

    await end(id);
    const endedMs = performance.now();
    const later = Array.from({ length: 30 }, (_, index) => `c${index}`);
    for (const each of later) {
      theirs.insist();
      await commentOn(ref, each);
    }
    await vi.waitFor(() => expect(own.heard).toEqual(expect.arrayContaining(later)), 10_000);
    await vi.waitFor(() => expect(other.forgotten).toEqual([ref.name]), 10_000);
    expect(theirs.signals()).toHaveLength(1);
    expect(theirs.isOpen()).toBe(true);
    expect((theirs.notices()[0]?.atMs ?? Number.POSITIVE_INFINITY) - endedMs).toBeLessThan(2_000);
    expect(own.forgotten).toEqual([]);
    expect(own.heard.filter((each) => each === "gap")).toHaveLength(1);
    expect(other.heard).toEqual(["gap", "before", "gap"]);
  },
  60_000,
);

test("S3.9 a device with a revoked session receives no more private signals, other devices do", async () => {
  const person = await newPerson();
  const draft = randomUUID();
  await site.owner`
    insert into articles (id, slug, title, excerpt, body, author_id)
    values (${draft}, ${draft}, 'T', 'E', 'B', ${person.id})`;
  const [own, page] = [
    user({ userId: person.id }),
    resource({ resourceType: "article", resourceId: draft }),
  ];
  let isSignedIn = true;
  const stolen = await hostile(person, [own, page]);
  const device = honest(() => (isSignedIn ? person : null), own);
  const otherDevice = honest(() => person, own);
  await device.isLive();
  await otherDevice.isLive();

  isSignedIn = false;
  const ended: string[] = [];
  await revokeSession(
    { database: site.database, onSessionEnded: (userId) => ended.push(userId) },
    { userId: person.id, role: person.role },
    person.sessionId,
  );
  expect(ended).toEqual([person.id]);
  const later = Array.from({ length: 30 }, (_, index) => `n${index}`);
  for (const notificationId of later) {
    stolen.insist();
    await site.owner.begin((tx) =>
      publish(signal(own, "notification.created", { notificationId }), {
        tx: tx as unknown as Sql,
      }),
    );
    await commentOn(page, notificationId);
  }
  await vi.waitFor(() => expect(otherDevice.heard).toEqual(expect.arrayContaining(later)), 10_000);
  await vi.waitFor(() =>
    expect(device.client.getState()).toMatchObject({ status: "offline", reason: "signed-out" }),
  );
  // The signals before had every right.
  const before = ["session.started", "article.created"];
  const heard = stolen.signals().filter(({ event }) => !before.includes(event));
  expect(heard).toEqual([]);
  expect(device.forgotten).toEqual([own.name]);
}, 60_000);

test("S3.19 V4 revoking a session makes the sessions on the other device stale and closes the socket of the revoked one, also of a hostile client that ignores the protocol after its sign-in; one that never signed in receives nothing", async () => {
  const person = await newPerson();
  const otherSession = randomUUID();
  await site.owner`
    insert into sessions (id, user_id, expires_at)
    values (${otherSession}, ${person.id}, now() + interval '1 day')`;
  const own = user({ userId: person.id });
  const lines = [await createLine(soketi), await createLine(soketi)] as const;
  closers.push(...lines.map(({ close }) => close));
  let isSignedIn = true;
  const device = honest(() => (isSignedIn ? person : null), own, lines[0]);
  const other = honest(() => person, own, lines[1]);
  await Promise.all([device.isLive(), other.isLive()]);

  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  const detach = createQueryBridge({ client: other.client, queryClient }).attach();
  const viewer = { userId: person.id, role: person.role };
  const sessions = {
    ...sessionsQuery(person.id),
    queryFn: () => site.contexts.read(viewer)(listSessions),
  };
  expect(sessions.queryKey).toEqual(["mySessions"]);
  const leave = new QueryObserver(queryClient, sessions).subscribe(() => {});
  closers.push(leave, detach, queryClient.clear.bind(queryClient));
  const shown = () =>
    queryClient
      .getQueryData(sessions.queryKey)
      ?.map(({ id }) => id)
      .sort();
  await vi.waitFor(() => expect(shown()).toEqual([person.sessionId, otherSession].sort()));

  // Signs in and joins, then neither leaves nor reacts to any event.
  const stolen = await openRawSocket(soketi);
  const { socketId } = stolen;
  const { auth, userData } = await ask<{ auth: string; userData: string }>(person, {
    type: "sign-in",
    socketId,
  });
  stolen.send({ event: "pusher:signin", data: { auth, user_data: userData } });
  await stolen.heard("pusher:signin_success");
  const { results } = await ask<{ results: { wireName: string; auth: string }[] }>(person, {
    type: "join",
    socketId,
    channels: [own.name],
  });
  const joined = { channel: results[0]?.wireName, auth: results[0]?.auth };
  stolen.send({ event: "pusher:subscribe", data: joined });
  await stolen.heard("pusher_internal:subscription_succeeded");
  const unnamed = await hostile(person, [own]);
  const signalsBefore = unnamed.signals().length;

  isSignedIn = false;
  await revokeSession(
    { database: site.database, onSessionEnded: (userId) => void broker.terminate(userId) },
    viewer,
    person.sessionId,
  );
  expect(await stolen.closed).toBe(4009);
  await vi.waitFor(() =>
    expect(device.client.getState()).toMatchObject({ status: "offline", reason: "signed-out" }),
  );
  await vi.waitFor(() => expect(lines[0].line.sockets()).toBe(0));
  await vi.waitFor(() => expect(shown()).toEqual([otherSession]));

  // The signatures were made for the closed socket.
  const again = await openRawSocket(soketi);
  closers.push(() => again.close());
  again.send({ event: "pusher:signin", data: { auth, user_data: userData } });
  again.send({ event: "pusher:subscribe", data: joined });
  await other.isLive();
  const notificationId = randomUUID();
  unnamed.insist();
  await site.owner.begin((tx) =>
    publish(signal(own, "notification.created", { notificationId }), { tx: tx as unknown as Sql }),
  );
  await vi.waitFor(() => expect(other.heard).toContain(notificationId), 10_000);
  expect(lines[1].line.sockets()).toBe(1);
  expect(lines[0].line.sockets()).toBe(0);
  const answers = again.frames.map(({ event }) => event);
  expect(answers.length).toBeGreaterThan(1);
  expect(answers.filter((event) => /succeeded|success|^notification/.test(event))).toEqual([]);
  expect(unnamed.signals()).toHaveLength(signalsBefore);
}, 60_000);

test("V4 the broker ends the sockets of a signed-in user, and allowed ones reconnect", async () => {
  const person = await newPerson();
  const page = honest(() => person, user({ userId: person.id }));
  await page.isLive();
  const states: string[] = [];
  page.client.onStateChange(() => states.push(page.client.getState().status));
  await vi.waitFor(async () => {
    await broker.terminate(person.id);
    expect(states).toContain("degraded");
  }, 10_000);
  await page.isLive();
});

test("V4 a broker that does not confirm the end of sockets causes an error for the caller only", async () => {
  const liar = createPusherBroker({ ...soketi, secret: "another", tls: false });
  await expect(liar.terminate("anybody")).rejects.toMatchObject({ code: "unauthorised" });
  liar.close();
});

test("V1 a hostile client receives 0 of 1,000 signals after a revocation by an action", async () => {
  const [owner, enemy] = [await newPerson(), await newPerson()];
  const id = randomUUID();
  await cases[1]?.insert(id, owner.id);
  const ref = resource({ resourceType: "gist", resourceId: id });
  const theirs = await hostile(enemy, [ref]);
  const own = honest(() => owner, ref);
  await own.isLive();
  let sent = 0;
  for (let round = 0; round < 20; round += 1) {
    await site.owner.begin(async (tx) => {
      await revoke(ref, { tx: tx as unknown as Sql });
      for (let index = 0; index < 50; index += 1) {
        sent += 1;
        await publish(signal(ref, "comment.created", { commentId: `r${sent}` }), {
          tx: tx as unknown as Sql,
        });
      }
    });
    theirs.insist();
  }
  await own.isLive();
  const before = own.heard.length;
  await commentOn(ref, "last");
  // After so many epochs it may be one of more than 500 rows, for which the response is a gap. A relay that is behind
  // merges it with the signals before it, and so many ids collapse to "anything on this channel".
  await vi.waitFor(
    () =>
      expect(own.heard.slice(before)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^(last|gap|anything)$/)]),
      ),
    15_000,
  );
  expect(theirs.signals()).toEqual([]);
}, 60_000);

test("S3.9 V1 an expired session ends like a revoked one: after the next check its device receives nothing", async () => {
  const person = await newPerson();
  const draft = randomUUID();
  await site.owner`
    insert into articles (id, slug, title, excerpt, body, author_id)
    values (${draft}, ${draft}, 'T', 'E', 'B', ${person.id})`;
  const [own, page] = [
    user({ userId: person.id }),
    resource({ resourceType: "article", resourceId: draft }),
  ];
  let isSignedIn = true;
  const stolen = await hostile(person, [own, page]);
  const device = honest(() => (isSignedIn ? person : null), own);
  await device.isLive();
  const ended: string[] = [];
  const look = () =>
    endExpiredSessions({ database: site.database, onSessionEnded: (userId) => ended.push(userId) });
  await look();
  expect(ended).not.toContain(person.id);

  isSignedIn = false;
  await site.owner`update sessions set expires_at = now() where id = ${person.sessionId}`;
  await Promise.all([look(), look()]);
  expect(ended.filter((id) => id === person.id)).toHaveLength(1);
  const heard = stolen.signals().length;
  for (const each of Array.from({ length: 10 }, (_, index) => `x${index}`)) {
    stolen.insist();
    await site.owner.begin((tx) =>
      publish(signal(own, "notification.created", { notificationId: each }), {
        tx: tx as unknown as Sql,
      }),
    );
    await commentOn(page, each);
  }
  await vi.waitFor(
    () =>
      expect(device.client.getState()).toMatchObject({ status: "offline", reason: "signed-out" }),
    10_000,
  );
  expect(stolen.signals()).toHaveLength(heard);
  expect(device.forgotten).toEqual([own.name]);
  await look();
  expect(ended.filter((id) => id === person.id)).toHaveLength(1);
}, 60_000);
