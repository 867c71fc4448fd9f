import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { postgresJs } from "querycast/postgres-js";
import { createRelay, createRelayLog } from "querycast/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { createComment } from "@/features/comments/create-comment.ts";
import { listComments } from "@/features/comments/list-comments.ts";
import { createWakeSignal } from "@/lib/wake-signal.ts";
import { takeJobRequests } from "@/wiring/job-requests.ts";
import { signBody } from "../../../scripts/jobs/signing.ts";
import { freePort } from "../../../scripts/parts/ports.ts";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { listen } from "../../support/broker/relay-listener.ts";
import { ownSoketiApp } from "../../support/broker/soketi.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";
import { createLine } from "../../support/stacks/line.ts";

/**
 * The job that writes notifications, through the `inngest` package on both sides of the service: its client
 * sends the events, and its handler in `app/api/inngest` verifies the signature of each request, runs the
 * step and remembers nothing. The service itself is emulated: the test accepts events and sends the signed
 * requests that the service would send, including those that it repeats.
 */

const signingKey = `signkey-test-${"0123456789abcdef".repeat(4)}`;
const article = { resourceType: "article", resourceId: idOf("article") } as const;
const closers: (() => unknown)[] = [];
let site: SiteDatabase;
let port: number;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  await site.owner`delete from job_requests`;
  await site.owner`delete from notifications`;
  port = await freePort();
});
beforeEach(() => {
  vi.stubEnv("INNGEST_DEV", "");
  vi.stubEnv("NODE_ENV", "production");
  vi.stubEnv("INNGEST_SIGNING_KEY", signingKey);
  vi.stubEnv("INNGEST_EVENT_KEY", "event-key");
  vi.stubEnv("INNGEST_BASE_URL", `http://127.0.0.1:${port}`);
  vi.stubEnv("NEXTAUTH_SECRET", "a secret of at least 32 characters");
  vi.stubEnv("NEXTAUTH_URL", "https://inkwell.test");
  vi.stubEnv("DATABASE_URL", site.appUrl);
  vi.stubEnv("TRANSPORT", "pull");
  vi.stubEnv("LOG_LEVEL", "warn");
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await site.owner`delete from notifications`;
  await site.owner`delete from job_requests`;
  await site.owner`delete from reactions where user_id = ${idOf("ben")} and kind = 'love'`;
});
afterAll(async () => {
  const { database } = await import("@/wiring/database.ts");
  await database().close();
  await site.close();
});

interface JobEvent {
  readonly id: string;
  readonly name: string;
  readonly data: object;
}
/** The service's event API: records what the client sends. */
async function acceptEvents(): Promise<readonly JobEvent[]> {
  const events: JobEvent[] = [];
  const server: Server = createServer((request, response) => {
    void json(request).then((body) => {
      const sent = [body].flat() as JobEvent[];
      events.push(...sent);
      const ids = sent.map(({ id }) => id);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ ids, status: 200 }));
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return events;
}

type Operations = readonly { readonly id: string; readonly op: string; readonly data: unknown }[];

/** One request of the service for a run of the job. `steps`: results of earlier requests of the run. */
async function request(event: JobEvent, runId: string, attempt = 0, done?: Operations[number]) {
  const { POST } = await import("../../../app/api/inngest/route.ts");
  const body = JSON.stringify({
    version: 1,
    event,
    events: [event],
    steps: done === undefined ? {} : { [done.id]: { type: "data", data: done.data } },
    ctx: {
      run_id: runId,
      attempt,
      max_attempts: 11,
      disable_immediate_execution: false,
      use_api: false,
      stack: { stack: done === undefined ? [] : [done.id], current: done === undefined ? 0 : 1 },
    },
  });
  const query = "fnId=inkwell-persist-notification&stepId=step";
  const answer = await POST(
    new Request(`https://inkwell.test/api/inngest?${query}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-inngest-signature": signBody(body, signingKey),
      },
      body,
    }),
    { params: Promise.resolve({}) },
  );
  return { status: answer.status, body: (await answer.json()) as Operations };
}

/** A whole run: the step, then the request that ends the function with the result of the step. */
async function run(event: JobEvent): Promise<void> {
  const runId = randomUUID();
  const step = await request(event, runId);
  expect([step.status, step.body.map(({ op }) => op)]).toEqual([206, ["StepRun"]]);
  expect((await request(event, runId, 0, step.body[0])).status).toBe(200);
}

async function comment(): Promise<string> {
  const commentId = randomUUID();
  await site.contexts.write(viewers.rea)((ctx) =>
    createComment(ctx, { ...article, commentId, parentId: null, body: "Well said." }),
  );
  return commentId;
}
async function react(): Promise<string> {
  const id = randomUUID();
  await site.owner`
    insert into reactions (id, user_id, kind, article_id)
    values (${id}, ${idOf("ben")}, 'love', ${article.resourceId})`;
  return id;
}
const sourceKeys = async () =>
  (await site.owner<{ key: string }[]>`select source_key as key from notifications`).map(
    ({ key }) => key,
  );
const notified = async () =>
  (await site.newSignals()).filter(({ name }) => name === "notification.created");

/** As `instrumentation-node.ts` does. */
async function handOver() {
  const { startHandOver } = await import("../../../inngest/hand-over.ts");
  const { inngest } = await import("../../../inngest/client.ts");
  const onError = vi.fn();
  const { stop } = startHandOver({
    take: (send) => takeJobRequests(site.database, send),
    send: async (requests) => {
      await inngest.send(
        requests.map(({ id, name, data }) => ({ id, name, data: data as object })),
      );
    },
    wakeSignal: createWakeSignal(),
    onError,
    pollMs: 200,
    random: () => 0,
  });
  closers.push(stop);
  return onError;
}

test("S3.5 a comment's event sent twice, and a step repeated after its commit or at the same time, write one notification with one signal", async () => {
  const events = await acceptEvents();
  await handOver();
  const commentId = await comment();
  await vi.waitFor(() => expect(events).toHaveLength(1));
  const [event] = events as [JobEvent];
  expect(event).toMatchObject({
    id: `notif:comment:${commentId}`,
    name: "app/notification.requested",
    data: { causeType: "comment", causeId: commentId },
  });
  await notified();

  // The answer of the first attempt was lost, so the service repeats the step.
  const runId = randomUUID();
  const first = await request(event, runId);
  const second = await request(event, runId, 1);
  expect([first.status, second.status]).toEqual([206, 206]);
  expect((await request(event, runId, 1, second.body[0])).status).toBe(200);
  // The event a second time, as after the service has forgotten its id, in two runs at once.
  await Promise.all([run(event), run(event)]);
  expect(await sourceKeys()).toEqual([event.id]);
  expect(await notified()).toHaveLength(1);
});

test("S3.5 a reaction's event in three runs at once writes one notification with one signal", async () => {
  const causeId = await react();
  await notified();
  const event: JobEvent = {
    id: `notif:reaction:${causeId}`,
    name: "app/notification.requested",
    data: { causeType: "reaction", causeId },
  };
  await Promise.all([run(event), run(event), run(event)]);
  expect(await sourceKeys()).toEqual([event.id]);
  expect(await notified()).toHaveLength(1);
});

test("a request without a valid signature runs no step", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { POST } = await import("../../../app/api/inngest/route.ts");
  const causeId = await react();
  const event = { name: "app/notification.requested", data: { causeType: "reaction", causeId } };
  const body = JSON.stringify({ version: 1, event, events: [event], steps: {}, ctx: {} });
  const address = "https://inkwell.test/api/inngest?fnId=inkwell-persist-notification&stepId=step";
  const headers = { "x-inngest-signature": signBody(body, `${signingKey.slice(0, -1)}0`) };
  const answer = await POST(new Request(address, { method: "POST", headers, body }), {
    params: Promise.resolve({}),
  });
  expect(answer.status).toBe(401);
  expect(await sourceKeys()).toEqual([]);
});

test("S3.6 with the broker and Inngest down a comment succeeds and is read by the next fetch; its signal and its notification follow when they are back", async () => {
  const soketi = ownSoketiApp();
  const line = await createLine(soketi);
  const broker = createPusherBroker({ ...soketi, host: line.host, port: line.port, tls: false });
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(site.appUrl, { connection: { role: "app_relay" } }) }),
    broker,
  });
  const listener = listen(soketi, broker);
  closers.push(line.close, broker.close, listener.close);
  const [page, person] = [channels.resource(article), channels.user({ userId: idOf("ann") })];
  for (const { name } of [page, person]) await listener.join(`private-${name}.e0`);
  await line.line.refuse();
  relay.start();
  closers.push(() => relay.stop());
  const onError = await handOver();

  const commentId = await comment();
  const read = await site.contexts.read(viewers.ben)((ctx) => listComments(ctx, article));
  expect(read.comments.map(({ id }) => id)).toContain(commentId);
  await vi.waitFor(() => expect(onError).toHaveBeenCalled(), 20_000);
  const received = () => listener.frames.map(({ name }) => name);
  expect(received()).toEqual([]);

  await line.line.heal();
  await vi.waitFor(() => expect(received()).toContain("comment.created"), 20_000);
  const events = await acceptEvents();
  await vi.waitFor(
    () => expect(events.map(({ id }) => id)).toContain(`notif:comment:${commentId}`),
    {
      timeout: 20_000,
    },
  );
  await run(events[0] as JobEvent);
  await vi.waitFor(() => expect(received()).toContain("notification.created"), 10_000);
  expect(await sourceKeys()).toEqual([`notif:comment:${commentId}`]);
}, 90_000);
