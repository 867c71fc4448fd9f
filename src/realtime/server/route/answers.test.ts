import { expect, test } from "vitest";
import { channel, defineChannels } from "../../index.ts";
import { authorize, createRealtimeHandler, type RealtimeAnswer } from "../../server.ts";
import { createMemoryLog } from "../../testing/memory/memory-log.ts";

const channels = defineChannels({ room: channel("room.{roomId}") });
const origin = "https://inkwell.test";

function createRoute(onAnswer: (answer: RealtimeAnswer) => void, errors: unknown[] = []) {
  const route = createRealtimeHandler<{ id: string }, null>({
    authority: authorize(channels, {
      room: ({ roomId }) => {
        if (roomId === "broken") throw new Error("The rule is broken.");
        return roomId === "open";
      },
    }),
    getViewer: async (request) => (request.headers.has("cookie") ? { id: "ada" } : null),
    read: (_viewer, fn) => fn(null),
    log: createMemoryLog(),
    broker: {
      publish: async () => {},
      signJoin: async () => "a signature",
      terminate: async () => {},
      signUser: async () => ({ auth: "a signature", userData: "{}" }),
    },
    secret: "a secret of at least 32 characters",
    allowedOrigins: [origin],
    onError: (error) => errors.push(error),
    onAnswer,
  });
  return (body: unknown, headers: Record<string, string> = { cookie: "session" }) =>
    route(
      new Request(`${origin}/api/realtime`, {
        method: "POST",
        headers: { "content-type": "application/json", origin, ...headers },
        body: JSON.stringify(body),
      }),
    );
}

test("onAnswer receives status and kind of each channel of a join and a catch-up, and each sign-in", async () => {
  const answers: RealtimeAnswer[] = [];
  const send = createRoute((answer) => answers.push(answer));
  const names = ["room.open", "room.shut", "room.broken", "no such channel"];
  await send({ v: 1, type: "join", socketId: "1.2", channels: names });
  const questions = names.map((name) => ({ channel: name, cursor: null }));
  await send({ v: 1, type: "catch-up", channels: questions });
  await send({ v: 1, type: "sign-in", socketId: "1.2" });
  const statuses = (open: string) => [
    { status: open, kind: "room" },
    { status: "denied", kind: "room" },
    { status: "unavailable", kind: "room" },
    { status: "invalid", kind: undefined },
  ];
  expect(answers).toEqual([
    { type: "join", results: statuses("joined") },
    { type: "catch-up", results: statuses("gap") },
    { type: "sign-in" },
  ]);
  expect(JSON.stringify(answers)).not.toMatch(/room\.|ada|signature/);
});

test("onAnswer receives the code of a refused request", async () => {
  const answers: RealtimeAnswer[] = [];
  const send = createRoute((answer) => answers.push(answer));
  await send({}, {});
  await send({ v: 1, type: "dance" });
  await send({}, { cookie: "session", origin: "https://evil.example" });
  expect(answers).toEqual(
    ["unauthenticated", "bad_request", "forbidden_origin"].map((code) => ({
      type: "refused",
      code,
    })),
  );
});

test("an observer that throws is reported and does not change the response", async () => {
  const errors: unknown[] = [];
  const broken = new Error("The counter is broken.");
  const send = createRoute(() => {
    throw broken;
  }, errors);
  const joined = await send({ v: 1, type: "join", socketId: "1.2", channels: ["room.open"] });
  expect(joined.status).toBe(200);
  const refused = await send({ v: 1, type: "dance" });
  expect(refused.status).toBe(400);
  expect(errors).toEqual([broken, broken]);
});
