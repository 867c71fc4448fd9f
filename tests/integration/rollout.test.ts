import { randomUUID } from "node:crypto";
import {
  createRealtimeClient,
  kindOptionBounds,
  type OutgoingSignal,
  on,
  type RealtimeClient,
  signal,
} from "querycast";
import {
  type Broker,
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createRelayLog,
  createSignalLog,
  postgresJs,
  previewRollout,
  type Sql,
} from "querycast/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { auditLog, channelBans, phaseSettings } from "@/db/schema.ts";
import { toSql } from "@/db/to-sql.ts";
import { comments } from "@/features/comments/live.ts";
import type { WriteContext } from "@/features/context.ts";
import { banUser } from "@/features/moderation/ban-user.ts";
import { notifications } from "@/features/notifications/live.ts";
import { userCard } from "@/features/people/live.ts";
import { reactions } from "@/features/reactions/live.ts";
import { banChannel } from "@/features/rollout/ban-channel.ts";
import { liftChannelBan } from "@/features/rollout/lift-channel-ban.ts";
import { listSettings } from "@/features/rollout/list-settings.ts";
import { setChannel } from "@/features/rollout/set-channel.ts";
import { setPhase } from "@/features/rollout/set-phase.ts";
import { rolloutChanged } from "@/features/rollout/signals.ts";
import type { Stage } from "@/lib/stage.ts";
import { createHearingRecord } from "@/wiring/hearing-record.ts";
import { channels } from "@/wiring/inventory.ts";
import { createBans, createSiteRollout } from "@/wiring/rollout.ts";
import { authority, type Member } from "@/wiring/rules.ts";
import { pusher } from "../../src/realtime/transports/pusher/client.ts";
import { createPusherBroker } from "../../src/realtime/transports/pusher/server.ts";
import { createSiteDatabase, type SiteDatabase } from "../support/site-database.ts";
import { sharedSoketi } from "../support/soketi.ts";
import { type Listener, listen } from "./relay-listener.ts";
import { idOf, insertRows, viewers } from "./rls-rows.ts";

const soketi = sharedSoketi();
const broker = createPusherBroker({ ...soketi, tls: false });
const article = { resourceType: "article", resourceId: idOf("article") } as const;
const off: Stage = { status: "off" };
const page = comments.channels.resource(article);
const person = notifications.channels.user({ userId: idOf("rea") });
const card = userCard.channels.profile({ userId: idOf("ann") });
/** One signal of each phase: 1 a notification, 2 a comment, 3 a reaction, 4 a profile. */
const ofPhase: Readonly<Record<number, () => OutgoingSignal>> = {
  1: () => signal(person, "notification.created", { notificationId: randomUUID() }),
  2: () => signal(page, "comment.created", { commentId: randomUUID() }),
  3: () =>
    signal(reactions.channels.resource(article), "reaction.added", {
      reactableId: article.resourceId,
    }),
  4: () => signal(card, "profile.updated"),
};
const phases = [1, 2, 3, 4];

/** What the relay gave to the broker, and when. */
const published: {
  readonly startMs: number;
  readonly endMs: number;
  readonly names: readonly string[];
}[] = [];
const watched: Broker = {
  ...broker,
  publish: async (deliveries) => {
    const startMs = performance.now();
    await broker.publish(deliveries);
    const names = deliveries.map((each) => each.signal.name);
    published.push({ startMs, endMs: performance.now(), names });
  },
};

let site: SiteDatabase;
const closers: (() => unknown)[] = [];
const closeAfterEach: (() => unknown)[] = [];
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  // Two processes of the site: one relays, the other answers.
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(site.appUrl, { connection: { role: "app_relay" } }) }),
    broker: watched,
    rollout: createSiteRollout(site.database, { start: {} }),
  });
  relay.start();
  closers.push(relay.stop);
});
afterEach(async () => {
  for (const close of closeAfterEach.splice(0).reverse()) await close();
});
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  broker.close();
  await site.close();
});
beforeEach(async () => {
  await site.owner`delete from phase_settings`;
  await site.owner`delete from channel_settings`;
  await site.owner`delete from channel_bans`;
  await site.owner`delete from user_bans`;
  await announce();
});

const readLog: Sql = (text, ...values) =>
  site.database.asRelay(async (tx) => toSql(tx)(text, ...values));
const log = createSignalLog({ sql: readLog });
const { publish } = createPublisher({ channels, log });
const write = (...signals: readonly OutgoingSignal[]) =>
  site.contexts.write(viewers.ann)(({ tx }) => publish(signals, { tx: toSql(tx) }));
/** What `beforeEach` changed behind the verbs' back is announced as they announce it. */
const announce = () => write(rolloutChanged());
const asAdmin = (verb: (ctx: WriteContext) => Promise<void>) =>
  site.contexts.write(viewers.kay)(verb);
const setStage = (phase: number, stage: Stage | null) =>
  asAdmin((ctx) => setPhase(ctx, { phase, stage }));
const only = async (wanted: number) => {
  for (const phase of phases) await setStage(phase, phase === wanted ? { status: "on" } : off);
};

/** Holds valid signatures for what it was told to join, and asks nobody for leave any more. */
async function eavesdrop(): Promise<Listener> {
  const listener = listen(soketi, broker);
  closeAfterEach.push(listener.close);
  for (const { name } of [page, person, card, channels.site({})]) {
    await listener.join(`private-${name}.e${await epochOf(name)}`);
  }
  return listener;
}
const epochOf = async (name: string) => (await log.accessEpochs([name])).get(name) ?? 0;
const heard = ({ frames }: Listener) => frames.map(({ name }) => name);
const hears = (listener: Listener, name: string, times = 1) =>
  vi.waitFor(() => expect(heard(listener).filter((each) => each === name)).toHaveLength(times), {
    timeout: 10_000,
  });

const memberOf = ({ userId, role }: (typeof viewers)["rea" | "kay" | "ann"]): Member => ({
  id: userId,
  role,
});

/** The route as another process of the site has it. */
function routeFor(viewer: Member): typeof fetch {
  const handle = createRealtimeHandler({
    authority,
    getViewer: async () => viewer,
    read: ({ id, role }, fn) => site.database.readAs({ userId: id, role }, fn),
    log,
    broker,
    rollout,
    restrict: createBans(site.database),
    secret: "a secret of at least 32 characters",
    allowedOrigins: [],
    rateLimit: { take: () => 0 },
  });
  return (path, init) => handle(new Request(new URL(String(path), "http://site.test"), init));
}
let rollout: ReturnType<typeof createSiteRollout>;
beforeEach(() => {
  rollout = createSiteRollout(site.database, { start: {} });
});

async function ask(viewer: Member, request: object) {
  const response = await routeFor(viewer)("/api/realtime", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ v: 1, ...request }),
  });
  return (await response.json()) as {
    readonly kinds?: readonly string[];
    readonly phases?: readonly number[];
    readonly results?: readonly {
      readonly channel: string;
      readonly status: string;
      readonly cursor?: string;
    }[];
  };
}
const join = async (viewer: Member, ...names: string[]) => {
  const { results = [] } = await ask(viewer, { type: "join", socketId: "1.1", channels: names });
  return results.map(({ status }) => status);
};

/** An open browser, as a page of the site starts it. */
async function openBrowser(viewer: Member) {
  const requests: string[] = [];
  const route = routeFor(viewer);
  const client = createRealtimeClient({
    channels,
    transport: pusher({ key: soketi.key, host: soketi.host, port: soketi.port, tls: false }),
    fetch: (url, init) => {
      requests.push((JSON.parse(String(init?.body)) as { type: string }).type);
      return route(url, init);
    },
    rollout: {
      live: (await rollout.current()).liveFor(viewer),
      control: channels.site({}),
    },
  });
  closeAfterEach.push(client.close);
  return { client, requests };
}
function follow(client: RealtimeClient, source: Parameters<RealtimeClient["subscribe"]>[0]) {
  const told: string[] = [];
  client.subscribe(source, { signal: ({ name }) => told.push(name), gap: () => told.push("gap") });
  return told;
}
const isIn = (client: RealtimeClient, status: string) =>
  vi.waitFor(() => expect(client.getState().status).toBe(status), { timeout: 15_000 });

test.each(phases)(
  "S3.27 F2 phase %i switched on alone: its signals are published, those of the others are not",
  async (phase) => {
    const listener = await eavesdrop();
    await only(phase);
    const name = ofPhase[phase]?.().name ?? "";
    // Its own goes out last: what has not come before it was not sent.
    for (const each of [...phases.filter((other) => other !== phase), phase]) {
      await write(ofPhase[each]?.() as OutgoingSignal);
    }
    await hears(listener, name);
    // What the tables told while rows were arranged may still be said again.
    const written = phases.map((each) => ofPhase[each]?.().name);
    expect(heard(listener).filter((each) => written.includes(each))).toEqual([name]);
  },
);

test("S3.27 F1 off is off from the next signal after the commit, for whoever holds a signature too", async () => {
  const listener = await eavesdrop();
  await write(ofPhase[2]?.() as OutgoingSignal);
  await hears(listener, "comment.created");
  await setStage(2, off);
  for (let count = 0; count < 20; count += 1) await write(ofPhase[2]?.() as OutgoingSignal);
  await write(ofPhase[1]?.() as OutgoingSignal);
  await hears(listener, "notification.created");
  expect(heard(listener).filter((name) => name === "comment.created")).toHaveLength(1);
});

test("S3.27 a kind that is off is answered with `off`: nothing is signed, and rights are not told", async () => {
  const rea = memberOf(viewers.rea);
  await asAdmin((ctx) => setChannel(ctx, { kind: "resource", stage: off }));
  rollout.forget();
  const hidden = `resource.article.${idOf("draft")}`;
  expect(await join(rea, page.name, hidden, person.name)).toEqual(["off", "off", "joined"]);
  const { results } = await ask(rea, {
    type: "catch-up",
    channels: [{ channel: page.name, cursor: null }],
  });
  expect(results).toEqual([{ channel: page.name, status: "off" }]);
  await asAdmin((ctx) => setChannel(ctx, { kind: "resource", stage: null }));
  rollout.forget();
  expect(await join(rea, page.name, hidden)).toEqual(["joined", "denied"]);
});

test("S3.27 staff first, then an audience: each viewer is told what is on for them", async () => {
  await setStage(2, { status: "staff" });
  await setStage(3, { status: "percent", percent: 0 });
  await asAdmin((ctx) => setChannel(ctx, { kind: "tag", stage: null, audience: "authors" }));
  rollout.forget();
  const [rea, ann, kay] = await Promise.all(
    [viewers.rea, viewers.ann, viewers.kay].map((viewer) =>
      ask(memberOf(viewer), { type: "rollout" }),
    ),
  );
  expect(rea?.phases).toEqual([1, 4]);
  expect(kay?.phases).toEqual([1, 2, 3, 4]);
  expect(rea?.kinds).not.toContain("tag");
  expect(ann?.kinds).toContain("tag");
});

test("S3.27 F4 open browsers follow within seconds, off and on again, without a reload", async () => {
  const browsers = [
    await openBrowser(memberOf(viewers.rea)),
    await openBrowser(memberOf(viewers.kay)),
  ];
  const told = browsers.map(({ client }) => follow(client, on(page, "comment.created")));
  await Promise.all(browsers.map(({ client }) => isIn(client, "live")));

  await setStage(2, off);
  await Promise.all(browsers.map(({ client }) => isIn(client, "offline")));
  for (const { client } of browsers) {
    expect(client.getState()).toMatchObject({ status: "offline", reason: "off" });
  }
  await vi.waitFor(async () => {
    const counts = await broker.audience?.();
    expect([...(counts?.keys() ?? [])].filter((name) => name.includes(page.name))).toEqual([]);
  });
  const before = told.map((each) => each.length);
  await write(ofPhase[2]?.() as OutgoingSignal);

  // No socket is open by now: they find out by asking, every 5 s on average.
  await setStage(2, null);
  await Promise.all(browsers.map(({ client }) => isIn(client, "live")));
  // What was written meanwhile is behind the gap: everything bound to the channel is read.
  expect(told.map((each, index) => each.slice(before[index]))).toEqual([["gap"], ["gap"]]);
});

test("S3.27 F3 with all it follows switched off a browser opens no socket and asks for no channel", async () => {
  await only(1);
  rollout.forget();
  const { client, requests } = await openBrowser(memberOf(viewers.rea));
  follow(client, on(page, "comment.created"));
  await vi.waitFor(() => expect(requests).toContain("rollout"), { timeout: 10_000 });
  expect(client.getState()).toMatchObject({ status: "offline", reason: "off" });
  expect(requests.filter((type) => type !== "rollout")).toEqual([]);
});

test("a phase whose viewers hear their channel for another reason stays silent for them", async () => {
  await setStage(3, { status: "staff" });
  rollout.forget();
  const [reader, staff] = [
    await openBrowser(memberOf(viewers.rea)),
    await openBrowser(memberOf(viewers.kay)),
  ];
  const [readerTold, staffTold] = [follow(reader.client, page), follow(staff.client, page)];
  await Promise.all([isIn(reader.client, "live"), isIn(staff.client, "live")]);
  await write(ofPhase[3]?.() as OutgoingSignal);
  await write(ofPhase[2]?.() as OutgoingSignal);
  await vi.waitFor(() => expect(readerTold).toContain("comment.created"));
  await vi.waitFor(() => expect(staffTold).toContain("reaction.added"));
  expect(readerTold).not.toContain("reaction.added");
});

test("F6 whoever is banned from a channel hears nothing from the commit on, and reads as before", async () => {
  const { client } = await openBrowser(memberOf(viewers.kay));
  const told = follow(client, page);
  await isIn(client, "live");
  const listener = await eavesdrop();
  await asAdmin((ctx) => banChannel(ctx, { userId: idOf("rea"), channel: page.name }));
  await write(ofPhase[2]?.() as OutgoingSignal);
  await vi.waitFor(() => expect(told).toContain("comment.created"), { timeout: 10_000 });
  // It kept its old signature, and heard that the channel moved at most.
  expect(heard(listener)).not.toContain("comment.created");
  expect(await join(memberOf(viewers.rea), page.name, person.name)).toEqual(["off", "joined"]);
  expect(await join(memberOf(viewers.ann), page.name)).toEqual(["joined"]);
  const [ban] = await site.owner<{ id: string }[]>`select id from channel_bans`;
  await asAdmin((ctx) => liftChannelBan(ctx, { banId: ban?.id ?? "" }));
  expect(await join(memberOf(viewers.rea), page.name)).toEqual(["joined"]);
});

test.each([
  ["banned from all channels", banFromAll],
  ["shut out", shutOut],
])("F6 V1 whoever is %s hears nothing more of the channels they are in", async (_how, ban) => {
  const { client } = await openBrowser(memberOf(viewers.kay));
  const told = follow(client, page);
  await isIn(client, "live");
  const record = createHearingRecord({
    database: site.database,
    onError: (error) => {
      throw error;
    },
  });
  record.note({
    viewer: memberOf(viewers.rea),
    type: "join",
    results: [page, card].map(({ name }) => ({ channel: name, status: "joined" })),
  });
  await record.flush();
  const listener = await eavesdrop();
  await asAdmin(ban);
  for (const phase of [1, 2, 4]) await write(ofPhase[phase]?.() as OutgoingSignal);
  // Whoever may still hear the channel has followed it.
  await vi.waitFor(() => expect(told).toContain("comment.created"), { timeout: 10_000 });
  expect(heard(listener).filter((name) => !name.startsWith("querycast."))).toEqual([]);
});

async function banFromAll(ctx: WriteContext): Promise<void> {
  await banChannel(ctx, { userId: idOf("rea"), channel: null });
}
async function shutOut(ctx: WriteContext): Promise<void> {
  await banUser(ctx, { userId: idOf("rea"), reason: "" });
}

test("F6 a channel can be banned for everybody, and a person from all", async () => {
  await asAdmin((ctx) => banChannel(ctx, { userId: null, channel: page.name }));
  await asAdmin((ctx) => banChannel(ctx, { userId: idOf("rea"), channel: null }));
  expect(await join(memberOf(viewers.ann), page.name, card.name)).toEqual(["off", "joined"]);
  expect(await join(memberOf(viewers.rea), person.name, card.name)).toEqual(["off", "off"]);
});

test("a preview counts at the broker whom a change would cut off, and cuts off nobody", async () => {
  const { client } = await openBrowser(memberOf(viewers.rea));
  follow(client, page);
  follow(client, person);
  await isIn(client, "live");
  const { removed, kinds } = await previewRollout({
    channels,
    view: await rollout.current(),
    change: { kinds: { resource: off } },
    broker,
  });
  // Other tests share the broker, so there may be more.
  const [resource, user] = ["resource", "user"].map((kind) => kinds.find((k) => k.kind === kind));
  expect(resource?.subscriptions).toBeGreaterThanOrEqual(1);
  expect(resource).toMatchObject({ kept: 0, grows: false });
  expect(user?.kept).toBe(user?.subscriptions);
  expect(removed).toBe(resource?.subscriptions);
  expect(client.getState().status).toBe("live");
});

test("F7 R10 a limit set at run time holds for whoever listens now, loses nothing, and can be taken away", async () => {
  const { client } = await openBrowser(memberOf(viewers.rea));
  const told = follow(client, page);
  await isIn(client, "live");
  const listener = await eavesdrop();
  const written: string[] = [];
  const writeComment = () => {
    const commentId = randomUUID();
    written.push(commentId);
    return write(signal(page, "comment.created", { commentId }));
  };
  const allArrive = () =>
    vi.waitFor(
      () => {
        const text = JSON.stringify(listener.frames);
        expect(written.filter((id) => !text.includes(id))).toEqual([]);
      },
      { timeout: 10_000 },
    );
  /** From the broker's ok to one frame of comments up to the next one. */
  const pausesMs = (from: number) => {
    const times = published.slice(from).filter(({ names }) => names.includes("comment.created"));
    return times.slice(1).map(({ startMs }, index) => startMs - (times[index]?.endMs ?? 0));
  };

  await asAdmin((ctx) => setChannel(ctx, { kind: "resource", stage: null, framesPerSecond: 1 }));
  await writeComment();
  await allArrive();
  const first = published.length;
  for (let burst = 0; burst < 3; burst += 1) {
    // So few that all their ids fit into one frame.
    for (let count = 0; count < 5; count += 1) await writeComment();
    await allArrive();
  }
  expect(pausesMs(first).length).toBeGreaterThan(1);
  expect(Math.min(...pausesMs(first))).toBeGreaterThanOrEqual(1000);
  const frames = listener.frames
    .filter(({ name }) => name === "comment.created")
    .map(({ data }) => data as { id: string; after?: string; last?: string });
  for (const [index, { after }] of frames.slice(1).entries()) {
    expect(after).toBe(frames[index]?.last ?? frames[index]?.id);
  }
  await vi.waitFor(() => expect(told).toContain("comment.created"));

  await asAdmin((ctx) => setChannel(ctx, { kind: "resource", stage: null }));
  const free = published.length;
  for (let count = 0; count < 5; count += 1) {
    await writeComment();
    await allArrive();
  }
  expect(Math.min(...pausesMs(free))).toBeLessThan(1000);
});

test("F7 C4 whoever missed more than a kind replays is told of a gap, from the change on", async () => {
  const rea = memberOf(viewers.rea);
  const catchUp = async (cursor: string | null = null) => {
    const { results: [result] = [] } = await ask(rea, {
      type: "catch-up",
      channels: [{ channel: page.name, cursor }],
    });
    return { status: result?.status, cursor: result?.cursor };
  };
  const { cursor } = await catchUp();
  for (let count = 0; count < 3; count += 1) await write(ofPhase[2]?.() as OutgoingSignal);
  expect((await catchUp(cursor)).status).toBe("replay");
  await asAdmin((ctx) => setChannel(ctx, { kind: "resource", stage: null, replayAtMost: 2 }));
  // Nobody tells this process: it finds out by itself.
  const gap = await vi.waitFor(
    async () => {
      const answer = await catchUp(cursor);
      expect(answer.status).toBe("gap");
      return answer;
    },
    { timeout: 10_000 },
  );
  expect((await catchUp(gap.cursor)).status).toBe("upToDate");
  await write(ofPhase[2]?.() as OutgoingSignal);
  expect((await catchUp(gap.cursor)).status).toBe("replay");
});

test("F7 options leave the stage as the environment starts it", async () => {
  const start = { kinds: { tag: { status: "staff" } }, phases: {} } as const;
  await asAdmin((ctx) => setChannel(ctx, { kind: "tag", stage: null, framesPerSecond: 5 }));
  const { stages } = await createSiteRollout(site.database, { start }).current();
  expect(stages.kinds.tag).toEqual({ status: "staff" });
  expect(stages.options.tag).toEqual({ framesPerSecond: 5 });
  await asAdmin((ctx) => setChannel(ctx, { kind: "tag", stage: null }));
  expect(await site.owner`select kind from channel_settings`).toEqual([]);
});

const { framesPerSecond, replayAtMost } = kindOptionBounds;
const store = (options: string) =>
  site.owner`insert into channel_settings (kind, options) values ('tag', ${options}::text::jsonb)`;

test.each([
  {},
  { framesPerSecond: framesPerSecond.least, replayAtMost: replayAtMost.least },
  { framesPerSecond: framesPerSecond.most, replayAtMost: replayAtMost.most },
])("F7 the table takes options within the bounds the library has: %j", async (options) => {
  await store(JSON.stringify(options));
  expect((await rollout.current()).stages.options.tag).toEqual(options);
});

test.each([
  `{"framesPerSecond":${framesPerSecond.least - 1}}`,
  `{"framesPerSecond":${framesPerSecond.most + 1}}`,
  `{"replayAtMost":${replayAtMost.least - 1}}`,
  `{"replayAtMost":${replayAtMost.most + 1}}`,
  '{"framesPerSecond":2.5}',
  '{"framesPerSecond":"5"}',
  '{"framesPerSecond":[5]}',
  '{"framesPerSecond":null}',
  '{"replayAtMost":{"most":1}}',
  '{"bufferSize":5}',
  '{"framesPerSecond":5,"bufferSize":1}',
  "[]",
  "5",
  "null",
])("F7 the table refuses whatever else: %s", async (options) => {
  await expect(store(options)).rejects.toThrow("channel_settings_options");
});

test("every change is in the audit log with what was before, and admins see what is set", async () => {
  const [{ last } = { last: 0 }] = await site.owner<{ last: number }[]>`
    select coalesce(max(id), 0)::int as last from audit_log`;
  await setStage(3, off);
  await setStage(3, { status: "percent", percent: 25 });
  await asAdmin((ctx) =>
    setChannel(ctx, {
      kind: "tag",
      stage: { status: "staff" },
      audience: "authors",
      replayAtMost: 5,
    }),
  );
  const entries = await site.owner`
    select actor_id, action, subject, detail from audit_log where id > ${last} order by id`;
  expect(entries.map(({ actor_id: actor, ...rest }) => [actor, rest])).toEqual([
    [
      viewers.kay.userId,
      { action: "phase.changed", subject: "phase 3", detail: { from: null, to: off } },
    ],
    [
      viewers.kay.userId,
      {
        action: "phase.changed",
        subject: "phase 3",
        detail: { from: off, to: { status: "percent", percent: 25 } },
      },
    ],
    [
      viewers.kay.userId,
      {
        action: "channel.changed",
        subject: "tag",
        detail: {
          from: null,
          to: { stage: { status: "staff" }, audience: "authors", options: { replayAtMost: 5 } },
        },
      },
    ],
  ]);
  const settings = await site.contexts.read(viewers.kay)(listSettings);
  expect(settings).toMatchObject({
    phases: [
      { phase: 3, stage: { status: "percent", percent: 25 }, changedBy: viewers.kay.userId },
    ],
    kinds: [
      {
        kind: "tag",
        stage: { status: "staff" },
        audience: "authors",
        options: { replayAtMost: 5 },
      },
    ],
  });
});

test("a change that fails is neither announced nor noted", async () => {
  const notes = () => site.owner`select id from audit_log`;
  const before = await notes();
  await site.newSignals();
  const failing = asAdmin(async (ctx) => {
    await setPhase(ctx, { phase: 2, stage: off });
    throw new Error("the connection broke off before the commit");
  });
  await expect(failing).rejects.toThrow("before the commit");
  expect(await site.newSignals()).toEqual([]);
  expect(await notes()).toEqual(before);
});

test.each(["rea", "ann"] as const)(
  "%s, who is no admin, changes nothing by any way",
  async (name) => {
    const as = site.contexts.write(viewers[name]);
    await expect(as((ctx) => setPhase(ctx, { phase: 1, stage: off }))).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(
      as((ctx) => banChannel(ctx, { userId: null, channel: page.name })),
    ).rejects.toMatchObject({ code: "forbidden" });
    // Nor past the verbs: the tables refuse.
    const changedBy = viewers[name].userId;
    const refused = /row-level security/;
    await expectRefusal(
      as(({ tx }) => tx.insert(phaseSettings).values({ phase: 1, stage: "off", changedBy })),
      refused,
    );
    await expectRefusal(
      as(({ tx }) => tx.insert(channelBans).values({ channel: page.name, createdBy: changedBy })),
      refused,
    );
    await expectRefusal(
      as(({ tx }) =>
        tx.insert(auditLog).values({ actorId: changedBy, action: "phase.changed", subject: "1" }),
      ),
      refused,
    );
  },
);

async function expectRefusal(work: Promise<unknown>, message: RegExp): Promise<void> {
  const error = await work.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(String(error?.cause ?? error)).toMatch(message);
}
