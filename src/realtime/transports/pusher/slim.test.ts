import { expect, test } from "vitest";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { FakeSocket, noteCalls } from "./fake-socket-rig.ts";
import { type SlimOptions, slim } from "./slim.ts";

function connect(options: Partial<SlimOptions> = {}) {
  const clock = createFakeClock();
  const { calls: heard, handlers } = noteCalls();
  const sockets: FakeSocket[] = [];
  const openSocket = (url: string) => {
    const opened = new FakeSocket(url);
    sockets.push(opened);
    return opened as unknown as WebSocket;
  };
  const transport = slim({ key: "app", host: "broker", clock, openSocket, ...options });
  const connection = transport.connect(handlers);
  return { clock, heard, connection, socket: sockets[0] ?? new FakeSocket("") };
}

test("a socket is opened with TLS unless the options say otherwise, at the default port or another", () => {
  const query = "protocol=7&client=querycast&version=1";
  expect(connect().socket.url).toBe(`wss://broker:443/app/app?${query}`);
  expect(connect({ tls: false }).socket.url).toBe(`ws://broker:80/app/app?${query}`);
  expect(connect({ tls: false, port: 6001 }).socket.url).toBe(`ws://broker:6001/app/app?${query}`);
  expect(connect({ key: "a/b" }).socket.url).toContain("/app/a%2Fb?");
});

test("the broker may be behind a path, or be hosted Pusher in a cluster", () => {
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

test("what the broker says is told: connected, subscribed, refused, and events as they came", () => {
  const { socket, heard, connection } = connect();
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
  expect(heard).toEqual([
    ["connected", "1.2"],
    ["subscribed", "private-a"],
    ["failed", "private-b"],
    ["event", "private-a", "comment.created", '{"v":1}'],
  ]);
});

test("a ping of the broker is answered, and so is whoever asks the broker for a sign of life", () => {
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

test("a broker that falls silent is asked, and given up when it does not answer", async () => {
  const { socket, clock, heard } = connect();
  socket.welcome();
  await clock.advance(9_000);
  socket.say({ event: "comment.created", channel: "private-a" });
  await clock.advance(9_000);
  expect(socket.sent).toEqual([]);
  await clock.advance(1_000);
  expect(socket.sent).toEqual([{ event: "pusher:ping", data: {} }]);
  socket.say({ event: "pusher:pong" });
  await clock.advance(13_999);
  expect(heard.at(-1)?.[0]).toBe("event");
  await clock.advance(1);
  expect(heard.at(-1)).toEqual(["lost", "The broker did not answer within 4 s."]);
  expect(socket.readyState).toBe(3);
  expect(clock.pending()).toBe(0);
});

test("a broker that wants a sign of life more often gets it", async () => {
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
  "a close with %i is told once, with whether it is worth trying again soon",
  (code, reason, told) => {
    const { socket, heard, clock } = connect();
    socket.end(code, reason);
    socket.end(code, reason);
    expect(heard).toEqual([told]);
    expect(clock.pending()).toBe(0);
  },
);

test("an error that no close event follows ends the connection, as Node 22 does it when a connection is refused", async () => {
  const { socket, heard, clock } = connect();
  socket.dispatchEvent(new Event("error"));
  expect(heard).toEqual([]);
  await clock.advance(0);
  expect(heard).toEqual([["lost", "The socket closed (1006)."]]);
  expect(clock.pending()).toBe(0);
});

test("who was let in and is put out may come back soon; who was not let in may not", () => {
  const ended = { event: "pusher:error", data: { code: 4009, message: "You got disconnected." } };
  const before = connect();
  before.socket.say(ended);
  expect(before.heard).toEqual([["refused", "You got disconnected."]]);
  const after = connect();
  after.socket.welcome();
  after.socket.say(ended);
  after.socket.end(4009);
  expect(after.heard.slice(1)).toEqual([["lost", "You got disconnected."]]);
});

test("an error that ends the connection ends it before the broker closes; one about a message does not", () => {
  const { socket, heard } = connect();
  socket.welcome();
  socket.say({ event: "pusher:error", data: { code: 4301, message: "Too fast." } });
  socket.say({ event: "pusher:error", data: { code: null, message: "Not signed." } });
  expect(heard).toEqual([["connected", "1.2"]]);
  socket.say({ event: "pusher:error", data: { code: 4200, message: "Going down." } });
  expect(heard.at(-1)).toEqual(["lost", "Going down."]);
});

test("what is no message of the protocol is passed over", () => {
  const { socket, heard } = connect();
  socket.welcome();
  for (const noise of ["", "{", "null", "[]", "7", '{"event":7}', '{"data":"x"}'])
    socket.say(noise);
  socket.say({ event: "comment.created", channel: 7 });
  expect(heard).toEqual([["connected", "1.2"]]);
});

test("after it is closed nothing is told and nothing planned", async () => {
  const { socket, heard, clock, connection } = connect();
  socket.welcome();
  connection.close();
  socket.say({ event: "comment.created", channel: "private-a" });
  socket.end(1000);
  await clock.advance(60_000);
  connection.close();
  expect(heard).toEqual([["connected", "1.2"]]);
});

test("an address that no socket can have is told, and not thrown", async () => {
  const openSocket = () => {
    throw new SyntaxError("The URL is invalid.");
  };
  const { heard, clock } = connect({ openSocket });
  expect(heard).toEqual([]);
  await clock.advance(0);
  expect(heard).toEqual([["lost", "SyntaxError: The URL is invalid."]]);
});
