import { expect, test } from "vitest";
import { FakeSocket, noteCalls } from "../../../../tests/support/rigs/fake-socket-rig.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { type SlimOptions, slim } from "./slim.ts";

function connect(options: Partial<SlimOptions> = {}) {
  const clock = createFakeClock();
  const { calls: received, handlers } = noteCalls();
  const sockets: FakeSocket[] = [];
  const openSocket = (url: string) => {
    const opened = new FakeSocket(url);
    sockets.push(opened);
    return opened as unknown as WebSocket;
  };
  const transport = slim({ key: "app", host: "broker", clock, openSocket, ...options });
  const connection = transport.connect(handlers);
  return { clock, received, connection, socket: sockets[0] ?? new FakeSocket("") };
}

test("a socket is opened with TLS unless the options say otherwise, at the default port or another", () => {
  const query = "protocol=7&client=querycast&version=1";
  expect(connect().socket.url).toBe(`wss://broker:443/app/app?${query}`);
  expect(connect({ tls: false }).socket.url).toBe(`ws://broker:80/app/app?${query}`);
  expect(connect({ tls: false, port: 6001 }).socket.url).toBe(`ws://broker:6001/app/app?${query}`);
  expect(connect({ key: "a/b" }).socket.url).toContain("/app/a%2Fb?");
});

test("the broker's address may have a path, or be a cluster of hosted Pusher", () => {
  for (const path of ["/soketi", "soketi/", "soketi"]) {
    expect(connect({ path }).socket.url).toContain("wss://broker:443/soketi/app/app?");
  }
  const openSocket = (url: string) => {
    expect(url).toContain("wss://ws-eu.pusher.com:443/app/app?");
    return new FakeSocket(url) as unknown as WebSocket;
  };
  slim({ key: "app", cluster: "eu", openSocket }).connect(noteCalls().handlers);
  expect(() => slim({ key: "app" })).toThrow("Give a host, or a cluster of hosted Pusher.");
  expect.assertions(5);
});

test("connected, subscribed, refused and events are reported in order", () => {
  const { socket, received, connection } = connect();
  connection.subscribe("private-early", "too early for a socket that is not open");
  socket.welcome();
  connection.subscribe("private-a", "signature");
  connection.signIn("signature", "{}");
  connection.unsubscribe("private-a");
  expect(socket.sent).toEqual([
    { event: "pusher:subscribe", data: { channel: "private-a", auth: "signature" } },
    { event: "pusher:signin", data: { auth: "signature", user_data: "{}" } },
    { event: "pusher:unsubscribe", data: { channel: "private-a" } },
  ]);
  socket.say({ event: "pusher_internal:subscription_succeeded", channel: "private-a", data: "{}" });
  socket.say({ event: "pusher:subscription_error", channel: "private-b", data: {} });
  socket.say({ event: "comment.created", channel: "private-a", data: '{"v":1}' });
  socket.say({ event: "pusher_internal:member_added", channel: "private-a" });
  expect(received).toEqual([
    ["connected", "1.2"],
    ["subscribed", "private-a"],
    ["failed", "private-b"],
    ["event", "private-a", "comment.created", '{"v":1}'],
  ]);
});

test("a ping of the broker is answered, and a ping of the client resolves with the pong", () => {
  const { socket, connection } = connect();
  socket.welcome();
  socket.say({ event: "pusher:ping" });
  let answers = 0;
  connection.ping(() => {
    answers += 1;
  });
  expect(socket.sent).toEqual([
    { event: "pusher:pong", data: {} },
    { event: "pusher:ping", data: {} },
  ]);
  socket.say({ event: "comment.created", channel: "private-a" });
  expect(answers).toBe(0);
  socket.say({ event: "pusher:pong" });
  socket.say({ event: "pusher:pong" });
  expect(answers).toBe(1);
});

test("a silent broker is pinged, and the connection is lost when it does not answer", async () => {
  const { socket, clock, received } = connect();
  socket.welcome();
  await clock.advance(9_000);
  socket.say({ event: "comment.created", channel: "private-a" });
  await clock.advance(9_000);
  expect(socket.sent).toEqual([]);
  await clock.advance(1_000);
  expect(socket.sent).toEqual([{ event: "pusher:ping", data: {} }]);
  socket.say({ event: "pusher:pong" });
  await clock.advance(13_999);
  expect(received.at(-1)?.[0]).toBe("event");
  await clock.advance(1);
  expect(received.at(-1)).toEqual(["lost", "The broker did not answer within 4 s."]);
  expect(socket.readyState).toBe(3);
  expect(clock.pending()).toBe(0);
});

test("a broker with a shorter activity timeout is pinged more often", async () => {
  const { socket, clock } = connect();
  socket.welcome("1.2", 5);
  await clock.advance(5_000);
  expect(socket.sent).toEqual([{ event: "pusher:ping", data: {} }]);
});

test.each([
  [4001, "There is no such app.", ["refused", "There is no such app."]],
  [4100, "", ["lost", "The socket closed (4100)."]],
  [4200, "Going down.", ["lost", "Going down."]],
  [1006, "", ["lost", "The socket closed (1006)."]],
])(
  "a close with %i is reported once, with whether it is worth trying again soon",
  (code, reason, reported) => {
    const { socket, received, clock } = connect();
    socket.end(code, reason);
    socket.end(code, reason);
    expect(received).toEqual([reported]);
    expect(clock.pending()).toBe(0);
  },
);

test("an error event without a close event ends the connection, as in Node 22 for a refused connection", async () => {
  const { socket, received, clock } = connect();
  socket.dispatchEvent(new Event("error"));
  expect(received).toEqual([]);
  await clock.advance(0);
  expect(received).toEqual([["lost", "The socket closed (1006)."]]);
  expect(clock.pending()).toBe(0);
});

test("a 4000 to 4099 close code means lost after the handshake and refused before it", () => {
  const ended = { event: "pusher:error", data: { code: 4009, message: "You got disconnected." } };
  const before = connect();
  before.socket.say(ended);
  expect(before.received).toEqual([["refused", "You got disconnected."]]);
  const after = connect();
  after.socket.welcome();
  after.socket.say(ended);
  after.socket.end(4009);
  expect(after.received.slice(1)).toEqual([["lost", "You got disconnected."]]);
});

test("an error of the broker ends the connection before the close; an error about one message does not", () => {
  const { socket, received } = connect();
  socket.welcome();
  socket.say({ event: "pusher:error", data: { code: 4301, message: "Too fast." } });
  socket.say({ event: "pusher:error", data: { code: null, message: "Not signed." } });
  expect(received).toEqual([["connected", "1.2"]]);
  socket.say({ event: "pusher:error", data: { code: 4200, message: "Going down." } });
  expect(received.at(-1)).toEqual(["lost", "Going down."]);
});

test("messages outside the protocol are ignored", () => {
  const { socket, received } = connect();
  socket.welcome();
  for (const noise of ["", "{", "null", "[]", "7", '{"event":7}', '{"data":"x"}'])
    socket.say(noise);
  socket.say({ event: "comment.created", channel: 7 });
  expect(received).toEqual([["connected", "1.2"]]);
});

test("after close nothing is reported or scheduled", async () => {
  const { socket, received, clock, connection } = connect();
  socket.welcome();
  connection.close();
  socket.say({ event: "comment.created", channel: "private-a" });
  socket.end(1000);
  await clock.advance(60_000);
  connection.close();
  expect(received).toEqual([["connected", "1.2"]]);
});

test("an invalid address is reported and not thrown", async () => {
  const openSocket = () => {
    throw new SyntaxError("The URL is invalid.");
  };
  const { received, clock } = connect({ openSocket });
  expect(received).toEqual([]);
  await clock.advance(0);
  expect(received).toEqual([["lost", "SyntaxError: The URL is invalid."]]);
});
