import { randomUUID } from "node:crypto";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { createQueryBridge, signal } from "querycast";
import type { Sql } from "querycast/server";
import { expect, test, vi } from "vitest";
import { endExpiredSessions } from "@/auth/session/end-expired-sessions.ts";
import { revokeSession } from "@/auth/session/revoke-session.ts";
import { channels } from "@/channels/index.ts";
import { listSessions } from "@/features/sessions/list-sessions.ts";
import { sessionsQuery } from "@/features/sessions/queries.ts";
import { openRawSocket } from "../../support/broker/raw-socket.ts";
import { createLine } from "../../support/stacks/line.ts";
import { createRevocationRig } from "../route/revocation-rig.ts";

const { resource, user } = channels;

const { site, soketi, broker, closers, publish, ask, newPerson, hostile, honest, commentOn } =
  createRevocationRig();

test("S3.9 a device with a revoked session receives no more private signals, other devices do", async () => {
  const person = await newPerson();
  const draft = randomUUID();
  await site().owner`
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
    { database: site().database, onSessionEnded: (userId) => ended.push(userId) },
    { userId: person.id, role: person.role },
    person.sessionId,
  );
  expect(ended).toEqual([person.id]);
  const later = Array.from({ length: 30 }, (_, index) => `n${index}`);
  for (const notificationId of later) {
    stolen.insist();
    await site().owner.begin((tx) =>
      publish(signal(own, "notification.created", { notificationId }), {
        tx: tx as unknown as Sql,
      }),
    );
    await commentOn(page, notificationId);
  }
  await vi.waitFor(
    () => expect(otherDevice.received).toEqual(expect.arrayContaining(later)),
    10_000,
  );
  await vi.waitFor(() =>
    expect(device.client.getState()).toMatchObject({ status: "offline", reason: "signed-out" }),
  );
  // The signals before had every right.
  const before = ["session.started", "article.created"];
  const received = stolen.signals().filter(({ event }) => !before.includes(event));
  expect(received).toEqual([]);
  expect(device.forgotten).toEqual([own.name]);
}, 60_000);

test("S3.19 V4 revoking a session makes the sessions on the other device stale and closes the socket of the revoked one, also of a hostile client that ignores the protocol after its sign-in; one that never signed in receives nothing", async () => {
  const person = await newPerson();
  const otherSession = randomUUID();
  await site().owner`
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
    queryFn: () => site().contexts.read(viewer)(listSessions),
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
  await stolen.received("pusher:signin_success");
  const { results } = await ask<{ results: { wireName: string; auth: string }[] }>(person, {
    type: "join",
    socketId,
    channels: [own.name],
  });
  const joined = { channel: results[0]?.wireName, auth: results[0]?.auth };
  stolen.send({ event: "pusher:subscribe", data: joined });
  await stolen.received("pusher_internal:subscription_succeeded");
  const unnamed = await hostile(person, [own]);
  const signalsBefore = unnamed.signals().length;

  isSignedIn = false;
  await revokeSession(
    { database: site().database, onSessionEnded: (userId) => void broker.terminate(userId) },
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
  await site().owner.begin((tx) =>
    publish(signal(own, "notification.created", { notificationId }), { tx: tx as unknown as Sql }),
  );
  await vi.waitFor(() => expect(other.received).toContain(notificationId), 10_000);
  expect(lines[1].line.sockets()).toBe(1);
  expect(lines[0].line.sockets()).toBe(0);
  const answers = again.frames.map(({ event }) => event);
  expect(answers.length).toBeGreaterThan(1);
  expect(answers.filter((event) => /succeeded|success|^notification/.test(event))).toEqual([]);
  expect(unnamed.signals()).toHaveLength(signalsBefore);
}, 60_000);

test("S3.9 V1 an expired session ends like a revoked one: after the next check its device receives nothing", async () => {
  const person = await newPerson();
  const draft = randomUUID();
  await site().owner`
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
    endExpiredSessions({
      database: site().database,
      onSessionEnded: (userId) => ended.push(userId),
    });
  await look();
  expect(ended).not.toContain(person.id);

  isSignedIn = false;
  await site().owner`update sessions set expires_at = now() where id = ${person.sessionId}`;
  await Promise.all([look(), look()]);
  expect(ended.filter((id) => id === person.id)).toHaveLength(1);
  const received = stolen.signals().length;
  for (const each of Array.from({ length: 10 }, (_, index) => `x${index}`)) {
    stolen.insist();
    await site().owner.begin((tx) =>
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
  expect(stolen.signals()).toHaveLength(received);
  expect(device.forgotten).toEqual([own.name]);
  await look();
  expect(ended.filter((id) => id === person.id)).toHaveLength(1);
}, 60_000);
