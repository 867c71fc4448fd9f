import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import Pusher from "pusher";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Delivery } from "../../server/ports.ts";
import { isRefusalOfContent } from "../../server/refusal.ts";
import { createPusherBroker, type PusherBrokerOptions } from "./server.ts";

const app = { appId: "app-1", key: "the-key", secret: "the-secret" };
const signature = /auth_signature=([0-9a-f]{64})/;

/** A server with given responses that records requests. */
async function serve(listener: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    request.resume().once("end", () => listener(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const connections = () => new Promise<number>((r) => server.getConnections((_, n) => r(n)));
  return { asked, port, connections };
}
function brokerTo(port: number, options: Partial<PusherBrokerOptions> = {}) {
  const broker = createPusherBroker({ ...app, host: "127.0.0.1", port, tls: false, ...options });
  onTestFinished(broker.close);
  return broker;
}
const delivery = (roomId = "1"): Delivery => ({
  channel: `room.${roomId}`,
  accessEpoch: 0,
  signal: { id: "a1", name: "room.changed", ids: [{ roomId }], origin: undefined },
});
const failureOf = (promise: Promise<unknown>): Promise<Error & { code?: string }> =>
  promise.then(
    () => {
      throw new Error("It was accepted.");
    },
    (error) => error,
  );
/** All text of an error that a logger could print. */
const textOf = (error: unknown): string =>
  error instanceof Error
    ? [error.message, error.stack, JSON.stringify(error), textOf(error.cause)].join("\n")
    : JSON.stringify(error ?? null);

test("Y2 no error contains the signature, the secret or the body of a request, for any failure of the broker", async () => {
  const sent: string[] = [];
  const echoing = await serve((request, response) => {
    sent.push(signature.exec(request.url ?? "")?.[1] ?? "none");
    // As in Express.
    response.writeHead(404).end(`Cannot POST ${request.url}`);
  });
  const refusing = await serve((request, response) => {
    sent.push(signature.exec(request.url ?? "")?.[1] ?? "none");
    response.end(JSON.stringify({ error: `bad ${request.url}`, code: 401 }));
  });
  const cutting = await serve((request) => {
    sent.push(signature.exec(request.url ?? "")?.[1] ?? "none");
    request.socket.destroy();
  });
  const away = await serve(() => {});
  const failures = [
    await failureOf(brokerTo(echoing.port).publish([delivery("secret-room")])),
    await failureOf(brokerTo(refusing.port).publish([delivery("secret-room")])),
    await failureOf(brokerTo(cutting.port).publish([delivery("secret-room")])),
    await failureOf(brokerTo(away.port, { timeoutMs: 30 }).publish([delivery("secret-room")])),
    await failureOf(brokerTo(echoing.port).terminate("ada")),
    await failureOf(brokerTo(cutting.port).countSubscriptions?.() ?? Promise.resolve()),
  ];
  expect(failures.map(({ code }) => code)).toEqual([
    "unknown_app",
    "unauthorised",
    "unreachable",
    "timed_out",
    "unknown_app",
    "unreachable",
  ]);
  expect(sent).not.toContain("none");
  for (const failure of failures) {
    const text = textOf(failure);
    for (const hidden of [...sent, app.secret, "secret-room"]) expect(text).not.toContain(hidden);
  }
});

test.each([
  ["accepts, and stops in the middle of its answer", 200],
  ["refuses, and stops in the middle of its answer", 500],
])(
  "Y3 a call to a broker that %s rejects in time and closes its connection",
  async (_what, status) => {
    const { port, connections } = await serve((_, response) => {
      response.writeHead(status, { "content-type": "application/json" }).write('{"o');
    });
    const failure = await failureOf(brokerTo(port, { timeoutMs: 50 }).publish([delivery()]));
    expect(failure.code).toBe("timed_out");
    await vi.waitFor(async () => expect(await connections()).toBe(0));
  },
);

test.each([
  ["no dot", "12345"],
  ["a colon, with which it would sign a user in", "1.1::user::{}"],
  ["a line behind it", "1.1\n"],
  ["more digits than any", `${"1".repeat(21)}.1`],
  ["nothing", ""],
])("Y4 a socket id with %s is not signed, for a channel or a user", async (_what, id) => {
  const broker = brokerTo(1);
  await expect(broker.signJoin(id, "private-room.1.e0")).rejects.toMatchObject({
    name: "ProtocolError",
  });
  await expect(broker.signUser(id, "ada")).rejects.toMatchObject({ name: "ProtocolError" });
});

test.each([
  "room.1.e0",
  "private-room.1",
  "presence-room.1.e0",
  "private-encrypted-room.1.e0",
  "private-cache-room.1.e0",
  "private-room:1.e0",
  "private-room.1.e0\n",
  "private-room.1.e0:{}",
  `private-${"a".repeat(160)}.e0`,
  "#server-to-user-ada",
  "",
])("Y4 the name %j is not signed", async (name) => {
  await expect(brokerTo(1).signJoin("1.1", name)).rejects.toMatchObject({
    code: "invalid_channel",
  });
});

test("Y5 the path of a proxy is part of the URL and not of the signature", async () => {
  const { asked, port } = await serve((_, response) => response.end("{}"));
  await brokerTo(port, { path: "/live/soketi/" }).publish([delivery()]);
  await brokerTo(port, { path: "/" }).terminate("a/b?c");
  const [first, second] = asked.map((url) => new URL(url, "http://broker.test"));
  expect(first?.pathname).toBe("/live/soketi/apps/app-1/batch_events");
  expect(second?.pathname).toBe("/apps/app-1/users/a%2Fb%3Fc/terminate_connections");
  const { createHmac } = await import("node:crypto");
  const sign = (path: string, { searchParams }: URL) => {
    const query = [...searchParams].filter(([name]) => name !== "auth_signature");
    const text = `POST\n${path}\n${query.map(([name, value]) => `${name}=${value}`).join("&")}`;
    return createHmac("sha256", app.secret).update(text).digest("hex");
  };
  if (first === undefined || second === undefined)
    throw new Error("The broker was not asked twice.");
  expect(first.searchParams.get("auth_signature")).toBe(sign("/apps/app-1/batch_events", first));
  expect(second.searchParams.get("auth_signature")).toBe(sign(second.pathname, second));
});

test("Y8 a call on a kept connection that the broker has just closed is retried once", async () => {
  let answers = 0;
  const { asked, port } = await serve((request, response) => {
    answers += 1;
    if (answers === 2) request.socket.destroy();
    else response.end("{}");
  });
  const broker = brokerTo(port);
  await broker.publish([delivery()]);
  await broker.publish([delivery()]);
  expect(asked).toHaveLength(3);
});

test("Y9 a failed publish has a code and a blame, also across bundles", async () => {
  const { port } = await serve((_, response) => response.end('{"error":"too long","code":413}'));
  vi.resetModules();
  const copy = await import("./server.ts");
  expect(copy.createPusherBroker).not.toBe(createPusherBroker);
  const broker = copy.createPusherBroker({ ...app, host: "127.0.0.1", port, tls: false });
  onTestFinished(broker.close);
  const failure = await failureOf(broker.publish([delivery()]));
  expect(failure).toMatchObject({ name: "BrokerError", code: "too_large", blame: "content" });
  expect(isRefusalOfContent(failure)).toBe(true);
});

test("Y9 an event that the package refuses has the blame content", async () => {
  const pusher = new Pusher({ ...app, host: "127.0.0.1", port: "1" });
  const failure = await failureOf(
    createPusherBroker(pusher).publish([{ ...delivery(), channel: "encrypted-room.1" }]),
  );
  expect(failure).toMatchObject({ code: "refused", blame: "content" });
});
