import { randomUUID } from "node:crypto";
import {
  type CatchUpResult,
  channel,
  defineChannels,
  ids,
  type JoinResult,
  limits,
  signal,
} from "querycast";
import { routeHandlers } from "querycast/next";
import {
  authorize,
  byRls,
  createPublisher,
  createRealtimeHandler,
  createSignalLog,
  createTokenBucket,
  type RealtimeHandler,
  type RealtimeHandlerOptions,
  type RuleContext,
  type Sql,
  type Viewer,
} from "querycast/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPusherBroker } from "../../src/realtime/transports/pusher/server.ts";
import { channelAttacks } from "../support/channel-attacks.ts";
import { sharedSoketi } from "../support/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "./log-database.ts";
import { listen } from "./relay-listener.ts";

const channels = defineChannels({
  user: channel("user.{userId}").signal("notification.created", ids("notificationId")),
  article: channel("article.{articleId}")
    .signal("comment.created", ids("commentId"))
    .signal("reaction.changed"),
  broken: channel("broken.{thingId}"),
});
type Options = RealtimeHandlerOptions<Viewer, Sql>;
const origin = "https://inkwell.test";
const secret = "a secret of at least 32 characters";
const run = randomUUID().slice(0, 8);
const article = (name: string) => `article.${name}-${run}`;

let database: LogDatabase;
let route: RealtimeHandler;
beforeAll(async () => {
  database = await createLogDatabase();
  route = createRoute();
  await database.writer`insert into articles values
    (${`public-${run}`}, 'ada', true), (${`draft-${run}`}, 'ada', false)`;
});
afterAll(() => database.close());

const broker = createPusherBroker({ ...sharedSoketi(), tls: false });
const errors: unknown[] = [];
let statements: string[] = [];

/** The product's own set-up, but for the session: a header names whoever a verified one would. */
function createRoute(options: Partial<Options> = {}) {
  return createRealtimeHandler<Viewer, Sql>({
    authority: authorize(channels, {
      user: ({ userId }, { viewer }: RuleContext<Viewer, Sql>) => userId === viewer.id,
      article: byRls(({ articleId }, { tx }) => tx`select from articles where id = ${articleId}`),
      broken: byRls(({ thingId }, { tx }) => tx`select from no_such_table where id = ${thingId}`),
    }),
    getViewer: async (request) => {
      const id = sessions.get(request.headers.get("cookie") ?? "");
      return id === undefined ? null : { id };
    },
    read: (viewer, fn) =>
      database.reader.begin("read only", async (tx) => {
        await tx`select set_config('app.user_id', ${viewer.id}, true)`;
        const sql = port(tx);
        return fn((text, ...values) => {
          statements.push(text.join("?"));
          return sql(text, ...values);
        });
      }) as never,
    log: createSignalLog({ sql: port(database.reader) }),
    broker,
    secret,
    allowedOrigins: [origin],
    rateLimit: { take: () => 0 },
    onError: (error) => errors.push(error),
    ...options,
  });
}
const sessions = new Map([
  ["session=ada", "ada"],
  ["session=bob", "bob"],
]);

type Init = Omit<RequestInit, "body"> & { readonly body?: unknown; readonly raw?: BodyInit };
function requestOf({ body, raw, headers, ...init }: Init): Request {
  return new Request(`${origin}/api/realtime`, {
    method: "POST",
    body: raw ?? JSON.stringify(body),
    ...init,
    headers: { cookie: "session=bob", origin, "content-type": "application/json", ...headers },
    ...(raw instanceof ReadableStream ? { duplex: "half" } : {}),
  } as RequestInit);
}
const socketId = "1234.5678";
const joining = (names: readonly unknown[], more: object = {}) => ({
  v: 1,
  type: "join",
  socketId,
  channels: names,
  ...more,
});
const catchingUp = (questions: Record<string, string | null>) => ({
  v: 1,
  type: "catch-up",
  channels: Object.entries(questions).map(([name, cursor]) => ({ channel: name, cursor })),
});
async function send(init: Init, handler = route) {
  const response = await handler(requestOf(init));
  const text = await response.text();
  return { status: response.status, text, headers: response.headers, body: JSON.parse(text) };
}
const ask = async (questions: Record<string, string | null>, cookie = "session=bob") =>
  (await send({ body: catchingUp(questions), headers: { cookie } })).body
    .results as CatchUpResult[];
const cursorOf = (result: CatchUpResult | undefined) =>
  result !== undefined && "cursor" in result ? result.cursor : "";
const signatures = /:[0-9a-f]{64}/;

test("A5 S3.7 without a verified session the answer is 401, whatever else the request says", async () => {
  const attempts = [
    "",
    "session=",
    "session=garbage",
    "userId=ada; session=ada ",
    "session=%00",
    `session=${"x".repeat(5000)}`,
  ];
  for (const cookie of attempts) {
    for (const body of [
      joining(["user.ada"]),
      catchingUp({ "user.ada": null }),
      { v: 1, type: "sign-in", socketId },
    ]) {
      const { status, text } = await send({
        body,
        headers: {
          cookie,
          "x-user-id": "ada",
          "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware",
        },
      });
      expect(status).toBe(401);
      expect(text).toBe('{"v":1,"error":"unauthenticated"}');
    }
  }
});

test("A5 S3.7 a forged identity beside a verified session changes nothing", async () => {
  const { status, text } = await send({
    body: joining(["user.ada"], { userId: "ada", viewer: { id: "ada" } }),
    headers: { cookie: "session=bob", "x-user-id": "ada", "x-forwarded-user": "ada" },
  });
  expect(status).toBe(403);
  expect(text).not.toMatch(signatures);
});

test("S3.7 another user's channel and an unknown kind are 403; in a batch each gets its own result", async () => {
  expect((await send({ body: joining(["user.ada"]) })).status).toBe(403);
  expect((await send({ body: joining(["galaxy.1"]) })).status).toBe(403);
  const { status, body } = await send({ body: joining(["user.ada", "user.bob", "galaxy.1"]) });
  expect(status).toBe(200);
  expect(body.results.map(({ status }: JoinResult) => status)).toEqual([
    "denied",
    "joined",
    "denied",
  ]);
});

test("S3.7 without a broker joining and signing in are 503, and catching up still works", async () => {
  const noBroker = createRoute({ broker: null });
  expect((await send({ body: joining(["user.bob"]) }, noBroker)).status).toBe(503);
  expect((await send({ body: { v: 1, type: "sign-in", socketId } }, noBroker)).status).toBe(503);
  expect((await send({ body: catchingUp({ "user.bob": null }) }, noBroker)).status).toBe(200);
  const anonymous = await send({ body: joining(["user.bob"]), headers: { cookie: "" } }, noBroker);
  expect(anonymous.status).toBe(401);
});

test("A1 S3.8 a resource is joinable exactly when the viewer's own read returns it", async () => {
  const names = [article("public"), article("draft"), article("missing")];
  const decisions = async (cookie: string) => {
    const { body } = await send({ body: joining(names), headers: { cookie } });
    return body.results.map(({ status }: JoinResult) => status);
  };
  expect(await decisions("session=ada")).toEqual(["joined", "joined", "denied"]);
  expect(await decisions("session=bob")).toEqual(["joined", "denied", "denied"]);
});

test("A3 S3.8 somebody else's and missing look the same", async () => {
  for (const body of [joining, (names: string[]) => catchingUp({ [names[0] ?? ""]: null })]) {
    const answers = await Promise.all(
      [article("draft"), article("missing")].map((name) => send({ body: body([name]) })),
    );
    const [theirs, missing] = answers.map(({ status, text }) => ({
      status,
      text: text.replace(/draft|missing/, "x"),
    }));
    expect(theirs).toEqual(missing);
    expect(theirs?.status).toBe(403);
  }
});

test("A3 the database is asked the same for what is forbidden and for what is missing", async () => {
  const asked = async (name: string) => {
    statements = [];
    await send({ body: joining([article(name)]) });
    return statements;
  };
  const forbidden = await asked("draft");
  expect(forbidden).not.toEqual([]);
  expect(await asked("missing")).toEqual(forbidden);
});

test("the real broker accepts the signature, for this socket and this channel", async () => {
  const listener = listen(sharedSoketi(), {
    ...broker,
    signJoin: async (id, wireName) => {
      const name = wireName.replace(/^private-(.*)\.e0$/, "$1");
      const { body } = await send({ body: joining([name], { socketId: id }) });
      return body.results[0]?.auth ?? "refused:by-the-route";
    },
  });
  await listener.join(`private-${article("public")}.e0`);
  await expect(listener.join(`private-${article("draft")}.e0`)).rejects.toThrow("cannot be joined");
  listener.close();
});

test("a join is signed for the access epoch of now; the name of before is never signed again", async () => {
  const log = createSignalLog({ sql: port(database.reader) });
  const wireName = async () =>
    (await send({ body: joining(["user.bob"]) })).body.results[0].wireName;
  expect(await wireName()).toBe("private-user.bob.e0");
  await database.writer.begin((tx) =>
    log.bumpAccessEpoch(port(tx), channels.user({ userId: "bob" })),
  );
  expect(await wireName()).toBe("private-user.bob.e1");
});

test("a right that ends while a join is decided is not signed for the new name", async () => {
  const log = createSignalLog({ sql: port(database.reader) });
  const name = `user.bob`;
  const before = (await log.accessEpochs([name])).get(name);
  const racing = createRoute({
    authority: authorize(channels, {
      user: async () => {
        // Decided "yes" on what was true a moment ago, while the revocation commits.
        await database.writer.begin((tx) =>
          log.bumpAccessEpoch(port(tx), channels.user({ userId: "bob" })),
        );
        return true;
      },
      article: () => false,
      broken: () => false,
    }),
  });
  const { body } = await send({ body: joining([name]) }, racing);
  expect(body.results[0].wireName).toBe(`private-user.bob.e${before}`);
});

test("signing in ties the socket to the session's user, and to nothing the request names", async () => {
  const { status, body } = await send({ body: { v: 1, type: "sign-in", socketId, userId: "ada" } });
  expect(status).toBe(200);
  expect(JSON.parse(body.userData)).toEqual({ id: "bob" });
  expect(body.auth).toMatch(/^inkwell-key:[0-9a-f]{64}$/);
});

test("A2 a rule that fails says neither yes nor no, and spoils no other decision", async () => {
  errors.length = 0;
  const names = [article("public"), "broken.1", "user.bob"];
  const { status, body, text } = await send({ body: joining(names) });
  expect(status).toBe(200);
  expect(body.results.map((each: JoinResult) => each.status)).toEqual([
    "joined",
    "unavailable",
    "joined",
  ]);
  expect(text).not.toMatch(/no_such_table|relation/);
  expect(errors.length).toBeGreaterThan(0);
  expect((await send({ body: joining(["broken.1", "user.ada"]) })).status).toBe(503);
});

test.each(["read", "getViewer", "log"] as const)(
  "A2 when %s fails the answer is 503: never allowed, and nothing about why",
  async (what) => {
    const fail = () => Promise.reject(new Error("password=hunter2"));
    const failing = createRoute(
      what === "log"
        ? { log: { append: fail, since: fail, accessEpochs: fail, bumpAccessEpoch: fail } }
        : { [what]: fail },
    );
    for (const body of [joining(["user.bob"]), catchingUp({ "user.bob": null })]) {
      const { status, text } = await send({ body }, failing);
      expect(status).toBe(503);
      expect(text).not.toMatch(/hunter2|Error/);
      expect(text).not.toMatch(signatures);
    }
  },
);

test("all rules of a request run in one transaction of the viewer", async () => {
  let transactions = 0;
  const counting = createRoute({
    read: (_viewer, fn) => {
      transactions += 1;
      return fn((() => Promise.resolve([{}])) as Sql);
    },
  });
  const names = Array.from({ length: 100 }, (_, index) => `article.${index}`);
  const { body } = await send({ body: joining(names) }, counting);
  expect(body.results).toHaveLength(100);
  expect(transactions).toBe(1);
});

test.each([
  ["empty", ""],
  ["one number", "1"],
  ["a colon", "1.1:"],
  ["a newline", "1.1\n"],
  ["a channel", "1.1:private-x"],
  ["a user", '1.1::user::{"id":"ada"}'],
  ["full-width digits", "１.１"],
  ["400 digits", `${"1".repeat(200)}.${"1".repeat(200)}`],
  ["NUL", "1.1\0"],
  ["a list", ["1.1"]],
  ["a number", 1.1],
  ["an object", { id: "1.1" }],
  ["nothing", undefined],
  ["null", null],
])("A4 a socket id that is %s is refused with 400, and nothing is signed", async (_what, id) => {
  for (const body of [
    joining(["user.bob"], { socketId: id }),
    { v: 1, type: "sign-in", socketId: id },
  ]) {
    const { status, text } = await send({ body });
    expect(status).toBe(400);
    expect(text).toBe('{"v":1,"error":"bad_request"}');
  }
});

test.each(channelAttacks)(
  "A4 the channel %j is refused before any SQL, and nothing is signed",
  async (name) => {
    statements = [];
    for (const body of [joining([name]), catchingUp({ [name]: null })]) {
      const { status, text } = await send({ body });
      // "user.1" and its like are grammar; here they are other people's.
      expect([400, 403]).toContain(status);
      expect(text).not.toMatch(signatures);
    }
    expect(statements).toEqual([]);
  },
);

test.each([
  ["a number", 1],
  ["null", null],
  ["a list", ["user.bob"]],
  ["an object", { name: "user.bob" }],
  ["165 characters", `user.${"a".repeat(160)}`],
])("a channel that is %s is refused with 400", async (_what, name) => {
  expect((await send({ body: joining([name]) })).status).toBe(400);
});

test.each([
  ["no JSON", "{"],
  ["an empty body", ""],
  ["null", "null"],
  ["a list", "[]"],
  ["text", '"join"'],
  ["200,000 brackets", "[".repeat(20_000)],
  ["no type", '{"v":1}'],
  ["an unknown type", '{"v":1,"type":"leave"}'],
  ["a type that every object has", '{"v":1,"type":"constructor"}'],
  ["a version that is text", '{"v":"1","type":"join"}'],
  [
    "a key twice",
    `{"v":1,"type":"join","socketId":"1.1","socketId":"2.2","channels":["user.bob"]}`,
  ],
  [
    "a list twice",
    `{"v":1,"type":"join","socketId":"1.1","channels":["user.bob"],"channels":["user.ada"]}`,
  ],
  ["no channels", JSON.stringify(joining([]))],
  [
    "101 channels",
    JSON.stringify(joining(Array.from({ length: 101 }, (_, index) => `user.${index}`))),
  ],
  ["a channel twice", JSON.stringify(joining(["user.bob", "user.bob"]))],
  ["channels as text", JSON.stringify({ ...joining([]), channels: "user.bob" })],
  ["a prototype", '{"__proto__":{"v":1,"type":"join","socketId":"1.1","channels":["user.bob"]}}'],
  ["questions without a cursor", '{"v":1,"type":"catch-up","channels":[{"channel":"user.bob"}]}'],
  [
    "a cursor that is a list",
    '{"v":1,"type":"catch-up","channels":[{"channel":"user.bob","cursor":[]}]}',
  ],
  ["bytes that are not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d])],
])("a body with %s is refused with 400", async (_what, raw) => {
  const { status, text } = await send({ raw });
  expect(status).toBe(400);
  expect(text).not.toMatch(signatures);
});

test("a batch of 10,000 channels is refused for its size, before any of them is looked at", async () => {
  statements = [];
  const names = Array.from({ length: 10_000 }, (_, index) => `article.${index}`);
  for (const body of [
    joining(names),
    catchingUp(Object.fromEntries(names.map((each) => [each, null]))),
  ]) {
    expect((await send({ body })).status).toBe(413);
  }
  expect(statements).toEqual([]);
});

test("another version is refused by name, so that the page can reload", async () => {
  const { status, body } = await send({ body: joining(["user.bob"], { v: 2 }) });
  expect([status, body.error]).toEqual([400, "unsupported_version"]);
});

test("a body of 2 MB is refused with 413 before it is read, declared or not", async () => {
  const declared = await send({
    raw: "x".repeat(2_000_000),
    headers: { "content-length": "2000000" },
  });
  expect(declared.status).toBe(413);
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled += 1;
      controller.enqueue(new Uint8Array(8192).fill(0x20));
    },
  });
  expect((await send({ raw: endless })).status).toBe(413);
  expect(pulled).toBeLessThan(20);
  const largest = JSON.stringify(joining(["user.bob"])).padEnd(limits.requestBytes, " ");
  expect((await send({ raw: largest })).status).toBe(200);
});

test.each([
  ["foreign", { origin: "https://evil.test" }],
  ["null", { origin: "null" }],
  ["a suffix of ours", { origin: "https://evil-inkwell.test" }],
  ["ours with a suffix", { origin: `${origin}.evil.test` }],
  ["ours without TLS", { origin: "http://inkwell.test" }],
  ["ours on another port", { origin: `${origin}:8443` }],
  ["ours in capitals", { origin: "https://INKWELL.test" }],
  ["ours, from another site", { origin, "sec-fetch-site": "cross-site" }],
])("an origin that is %s is refused with 403", async (_what, headers) => {
  const { status, body } = await send({ body: joining(["user.bob"]), headers });
  expect([status, body.error]).toEqual([403, "forbidden_origin"]);
});

test.each([
  "text/plain",
  "multipart/form-data",
  "application/x-www-form-urlencoded",
  "application/jsonp",
  "",
])("a body of type %j, which a foreign page could send, is refused with 415", async (type) => {
  const { status } = await send({ body: joining(["user.bob"]), headers: { "content-type": type } });
  expect(status).toBe(415);
});

test("every method but POST is answered with 405, in Next as well", async () => {
  const methods = routeHandlers(route);
  for (const method of ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"] as const) {
    const response = await methods[method](
      new Request(`${origin}/api/realtime?callback=steal`, {
        method,
        headers: { cookie: "session=bob" },
      }),
    );
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await response.json()).toEqual({ v: 1, error: "method_not_allowed" });
  }
  expect(methods.POST).toBe(route);
});

test("no answer may be kept by anybody", async () => {
  const answers: Init[] = [
    { body: joining(["user.bob"]) },
    { body: joining(["user.ada"]) },
    { body: "nonsense" },
    { body: joining(["user.bob"]), headers: { cookie: "" } },
    { body: joining(["user.bob"]), headers: { origin: "null" } },
  ];
  for (const init of answers) {
    const { headers } = await send(init);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-type")).toContain("application/json");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test("a flood is answered with 429 and when to come back, per session", async () => {
  const flooded = createRoute({ rateLimit: createTokenBucket() });
  const answers = await Promise.all(
    Array.from({ length: 300 }, () => send({ body: { v: 1, type: "sign-in", socketId } }, flooded)),
  );
  const statuses = answers.map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  expect(statuses.filter((status) => status === 200).length).toBeLessThan(120);
  const refused = answers.find(({ status }) => status === 429);
  expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
  const other = await send(
    { body: { v: 1, type: "sign-in", socketId }, headers: { cookie: "session=ada" } },
    flooded,
  );
  expect(other.status).toBe(200);
});

const name = `user.bob`;
const publishTo = async (amount: number, messageId = "n1") => {
  const { publish } = createPublisher({
    channels,
    log: createSignalLog({ sql: port(database.reader) }),
  });
  const bob = channels.user({ userId: "bob" });
  await database.writer.begin((tx) =>
    publish(
      Array.from({ length: amount }, () =>
        signal(bob, "notification.created", { notificationId: messageId }),
      ),
      { tx: port(tx) },
    ),
  );
};

test("without a cursor the answer is a gap and a first cursor; from there on it is exact", async () => {
  const [first] = await ask({ [name]: null });
  expect(first).toMatchObject({ channel: name, status: "gap" });
  const [second] = await ask({ [name]: cursorOf(first) });
  expect(second?.status).toBe("upToDate");
  await publishTo(1);
  const [third] = await ask({ [name]: cursorOf(second) });
  expect(third).toMatchObject({ status: "replay", signals: [{ name: "notification.created" }] });
  const replayed = third?.status === "replay" ? third.signals[0]?.data : "";
  expect(JSON.parse(replayed ?? "")).toEqual({
    v: 1,
    id: expect.any(String),
    ids: [{ notificationId: "n1" }],
  });
  expect((await ask({ [name]: cursorOf(third) }))[0]?.status).toBe("upToDate");
});

test("C1 more than 500 missed signals are a gap, with a cursor to go on from", async () => {
  const [first] = await ask({ [name]: null });
  await publishTo(501);
  const [gap] = await ask({ [name]: cursorOf(first) });
  expect(gap?.status).toBe("gap");
  expect((await ask({ [name]: cursorOf(gap) }))[0]?.status).toBe("upToDate");
});

test("C1 S3.24 a cursor that was not given out for this channel is a gap, never an error and never a leak", async () => {
  const [mine, other] = await ask({ [name]: null, [article("public")]: null });
  const good = cursorOf(mine);
  const flipped = (index: number) =>
    good.slice(0, index) + (good[index] === "A" ? "B" : "A") + good.slice(index + 1);
  const foreign = await createRoute({ secret: `${secret}, of somebody else` })(
    requestOf({ body: catchingUp({ [name]: null }) }),
  ).then((response) => response.json());
  const bad = [
    "",
    "x",
    "1;drop",
    "-1",
    "99999999999999999999",
    "a".repeat(2048),
    "é\0\n",
    cursorOf(other),
    foreign.results[0].cursor,
    good.slice(0, -1),
    ...[0, 8, 20, good.length - 2].map(flipped),
  ];
  for (const cursor of bad) {
    const [answer] = await ask({ [name]: cursor });
    expect(answer?.status).toBe("gap");
  }
  expect((await ask({ [name]: good }))[0]?.status).toBe("upToDate");
});

test("a cursor tells nothing: two of the same moment differ, and none shows a number", async () => {
  const [a] = await ask({ [name]: null });
  const [b] = await ask({ [name]: null });
  expect(cursorOf(a)).not.toBe(cursorOf(b));
  expect(Buffer.from(cursorOf(a), "base64url").toString("latin1")).not.toMatch(/\d+:\d+:/);
});

test("A1 replay is authorised now: whoever may not read any more gets nothing of before", async () => {
  const [first] = await ask({ [article("draft")]: null }, "session=ada");
  const [refused] = await ask({ [article("draft")]: cursorOf(first) }, "session=bob");
  expect(refused).toEqual({ channel: article("draft"), status: "denied" });
});

test("C1 another user's cursor opens nothing: for their channel it is denied, for one's own it is a gap", async () => {
  const [theirs] = await ask({ "user.ada": null }, "session=ada");
  const cursor = cursorOf(theirs);
  expect(cursor).not.toBe("");
  expect(await ask({ "user.ada": cursor })).toEqual([{ channel: "user.ada", status: "denied" }]);
  expect((await ask({ [name]: cursor }))[0]?.status).toBe("gap");
});

test("S3.20 catching up needs no broker: a client without a socket learns what it missed by asking", async () => {
  const noBroker = createRoute({ broker: null });
  const first = await send({ body: catchingUp({ [name]: null }) }, noBroker);
  await publishTo(1, "n2");
  const second = await send(
    { body: catchingUp({ [name]: first.body.results[0].cursor }) },
    noBroker,
  );
  expect(second.body.results[0]).toMatchObject({ status: "replay" });
});

test("a secret that is too short to keep anything is refused at start", () => {
  expect(() => createRoute({ secret: "short" })).toThrow(/has 5 characters, 32 are needed/);
});
