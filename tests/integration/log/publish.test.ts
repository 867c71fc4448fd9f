import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { channel, defineChannels, ids, signal } from "querycast";
import { publishStep } from "querycast/inngest";
import { createPublisher, createSignalLog, type Delivery } from "querycast/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "../../../scripts/parts/ports.ts";
import { startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import { eachApp } from "../../../scripts/parts/soketi/soketi-config.ts";
import type { BrokerError } from "../../../src/realtime/transports/pusher/broker-error.ts";
import {
  createPusherBroker,
  type PusherBrokerOptions,
} from "../../../src/realtime/transports/pusher/server.ts";
import { listen } from "../../support/broker/relay-listener.ts";
import { sharedSoketi } from "../../support/broker/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "../../support/database/log-database.ts";

const channels = defineChannels({
  published: channel("published.{roomId}").signal("message.posted", ids("messageId")),
});
let database: LogDatabase;
beforeAll(async () => {
  database = await createLogDatabase();
});
afterAll(() => database.close());

const newRoom = () => channels.published({ roomId: randomUUID() });
const publisher = () =>
  createPublisher({ channels, log: createSignalLog({ sql: port(database.reader) }) });
const countRows = async (name: string) =>
  (await database.owner`select from querycast.signals where channel = ${name}`).length;

function delivery(roomId: string, messageId: string): Delivery {
  return {
    channel: `published.${roomId}`,
    accessEpoch: 0,
    signal: { id: "a1", name: "message.posted", ids: [{ messageId }], origin: undefined },
  };
}
function brokerTo(options: Partial<PusherBrokerOptions> = {}) {
  return createPusherBroker({ ...sharedSoketi(), tls: false, ...options });
}
const publishOne = async (options: Partial<PusherBrokerOptions>) => {
  const broker = brokerTo(options);
  try {
    return await broker.publish([delivery("1", "m1")]).then(
      () => "accepted",
      (error: BrokerError) => error.code,
    );
  } finally {
    broker.close();
  }
};

/** A broker with configurable responses. */
async function answering(status: number, body: string) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      requests.push(request.url ?? "");
      response.writeHead(status, { "content-type": "application/json" }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    requests,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

test("L1 S3.2 publishing writes in the caller's transaction, with one statement for all signals", async () => {
  const room = newRoom();
  const { publish } = publisher();
  let statements = 0;
  await database.writer.begin(async (tx) => {
    const sql = port(tx);
    await publish(
      [1, 2, 3].map((messageId) => signal(room, "message.posted", { messageId })),
      {
        tx: (text, ...values) => {
          statements += 1;
          return sql(text, ...values);
        },
      },
    );
    expect(await countRows(room.name)).toBe(0);
  });
  expect(await countRows(room.name)).toBe(3);
  expect(statements).toBe(1);
});

test("a signal that violates the contract is refused before a statement is sent", async () => {
  const { publish } = publisher();
  const room = newRoom();
  const good = signal(room, "message.posted", { messageId: 1 });
  const bad = [
    { ...good, name: "message.deleted" },
    { ...good, ids: { messageId: "Hello everybody" } },
    { ...good, ids: { body: "x" } },
    { ...good, channel: { ...room, kind: "user" } },
  ];
  await database.writer.begin(async (tx) => {
    for (const each of bad) {
      await expect(publish([good, each as never], { tx: port(tx) })).rejects.toThrow(
        expect.objectContaining({ name: "ProtocolError" }),
      );
    }
    await expect(publish(good, { tx: port(tx), origin: "a b" })).rejects.toThrow(/Origin/);
    await expect(publish(good, { tx: port(tx), idempotencyKey: "" })).rejects.toThrow(/empty/);
  });
  expect(await countRows(room.name)).toBe(0);
});

test("L4 a step that is retried after its commit, or runs twice concurrently, publishes once", async () => {
  const room = newRoom();
  const { publish } = publisher();
  let attempts = 0;
  const write = async (idempotencyKey: string) => {
    await database.writer.begin((tx) =>
      publish(signal(room, "message.posted", { messageId: 1 }), { tx: port(tx), idempotencyKey }),
    );
    attempts += 1;
    if (attempts === 1) throw new Error("the answer was lost");
  };
  const step = { run: (_id: string, run: () => Promise<null>) => run() };
  const runId = randomUUID();
  await expect(publishStep({ runId, step }, "notify", write)).rejects.toThrow("was lost");
  await Promise.all([1, 2, 3].map(() => publishStep({ runId, step }, "notify", write)));
  expect(attempts).toBe(4);
  expect(await countRows(room.name)).toBe(1);
  await publishStep({ runId: randomUUID(), step }, "notify", write);
  expect(await countRows(room.name)).toBe(2);
});

test("Soketi accepts a publish with ok in the body", async () => {
  expect(await publishOne({})).toBe("accepted");
});

test.each([
  ["a wrong secret", { secret: "not-the-secret" }, "unauthorised"],
  ["an unknown app", { appId: "not-the-app" }, "unknown_app"],
] as const)(
  "R2 %s is a failed publish with any status that the real Soketi sends",
  async (_what, options, code) => {
    expect(await publishOne(options)).toBe(code);
  },
);

test("R2 payload and rate limits are failed publishes with any status that the real Soketi sends", async () => {
  const soketi = await startSoketi({
    configure: (config) => ({
      ...eachApp({ maxBackendEventsPerSecond: 1 })(config),
      "eventLimits.maxPayloadInKb": 0.2,
    }),
  });
  const broker = brokerTo({ ...soketi, concurrency: 1 });
  const many = (amount: number) => Array.from({ length: amount }, (_, i) => delivery("1", `m${i}`));
  const long = {
    ...delivery("1", "m"),
    signal: { ...delivery("1", "m").signal, id: "x".repeat(400) },
  };
  await expect(broker.publish([long])).rejects.toMatchObject({ code: "too_large" });
  await expect(broker.publish(many(10))).rejects.toMatchObject({ code: "rate_limited" });
  broker.close();
  await soketi.stop();
});

test.each([
  [200, '{"error":"The app does not exist","code":404}', "unknown_app"],
  [200, '{"error":"The secret authentication failed","code":401}', "unauthorised"],
  [200, '{"error":"Payload is too large","code":413}', "too_large"],
  [200, '{"error":"Too many requests","code":429}', "rate_limited"],
  [200, '{"error":"Cannot batch-send more than 10","code":400}', "refused"],
  [200, '{"ok":false}', "unexpected_answer"],
  [200, "", "unexpected_answer"],
  [200, "<html>welcome</html>", "unexpected_answer"],
  [200, "[]", "unexpected_answer"],
  [200, `"${"x".repeat(100_000)}"`, "unexpected_answer"],
  [202, "{}", "unexpected_answer"],
  [401, "bad signature", "unauthorised"],
  [413, "too large", "too_large"],
  [429, "slow down", "rate_limited"],
  [503, "{}", "unexpected_answer"],
  [200, '{"ok":true}', "accepted"],
  [200, "{}", "accepted"],
  [200, '{"batch":[]}', "accepted"],
])(
  "R2 a publish succeeds only with ok in the body: %i %.40s is %s",
  async (status, body, expected) => {
    const broker = await answering(status, body);
    try {
      expect(await publishOne({ port: broker.port })).toBe(expected);
    } finally {
      await broker.close();
    }
  },
);

test("a publish to a broker that is down or never answers fails within its timeout", async () => {
  expect(await publishOne({ port: await freePort() })).toBe("unreachable");
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port: silentPort } = silent.address() as AddressInfo;
  expect(await publishOne({ port: silentPort, timeoutMs: 50 })).toBe("timed_out");
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
});

test("concurrent callers share calls of at most 10 events, and a single caller does not wait", async () => {
  const broker = await answering(200, "{}");
  const client = brokerTo({ port: broker.port, concurrency: 1 });
  await client.publish([delivery("1", "m1")]);
  expect(broker.requests).toHaveLength(1);
  await Promise.all(
    Array.from({ length: 100 }, (_, index) => client.publish([delivery("1", `m${index}`)])),
  );
  expect(broker.requests).toHaveLength(11);
  client.close();
  await broker.close();
});

test("R3 many callers and parallel calls keep the order of a channel", async () => {
  const broker = brokerTo();
  const listener = listen(sharedSoketi(), broker);
  const rooms = ["order-1", "order-2", "order-3"].map((name) => `${name}-${randomUUID()}`);
  for (const room of rooms) await listener.join(`private-published.${room}.e0`);
  const all = Array.from({ length: 100 }, (_, index) => String(index));
  await Promise.all(
    all.flatMap((messageId) => rooms.map((room) => broker.publish([delivery(room, messageId)]))),
  );
  await vi.waitFor(() => expect(listener.frames).toHaveLength(300));
  for (const room of rooms) {
    const received = listener.frames
      .filter(({ channel: name }) => name.includes(room))
      .map(({ data }) => (data as { ids: { messageId: string }[] }).ids[0]?.messageId);
    expect(received).toEqual(all);
  }
  listener.close();
  broker.close();
});

test("deliveries queued behind a failed batch fail with it, and do not overtake the retry", async () => {
  const broker = await answering(429, "slow down");
  const client = brokerTo({ port: broker.port, concurrency: 1 });
  const many = Array.from({ length: 35 }, (_, index) => delivery("1", `m${index}`));
  await expect(client.publish(many)).rejects.toMatchObject({ code: "rate_limited" });
  await expect(client.publish([delivery("1", "next")])).rejects.toMatchObject({
    name: "BrokerError",
  });
  expect(broker.requests).toHaveLength(2);
  client.close();
  await broker.close();
});
