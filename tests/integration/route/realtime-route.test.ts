import type { JoinResult } from "querycast";
import { authorize, createSignalLog, type Sql } from "querycast/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listen } from "../../support/broker/relay-listener.ts";
import { sharedSoketi } from "../../support/broker/soketi.ts";
import { port } from "../../support/database/log-database.ts";
import {
  article,
  catchingUp,
  channels,
  createRouteRig,
  joining,
  type RouteRig,
  signatures,
  socketId,
} from "../../support/rigs/route-rig.ts";

let rig: RouteRig;
beforeAll(async () => {
  rig = await createRouteRig();
});
afterAll(() => rig.close());

test("A5 S3.7 without a verified session the response is 401 for any request", async () => {
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
      const { status, text } = await rig.send({
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

test("A5 S3.7 a forged identity beside a verified session has no effect", async () => {
  const { status, text } = await rig.send({
    body: joining(["user.ada"], { userId: "ada", viewer: { id: "ada" } }),
    headers: { cookie: "session=bob", "x-user-id": "ada", "x-forwarded-user": "ada" },
  });
  expect(status).toBe(403);
  expect(text).not.toMatch(signatures);
});

test("S3.7 another user's channel and an unknown kind are 403, and each channel of a batch has its own result", async () => {
  expect((await rig.send({ body: joining(["user.ada"]) })).status).toBe(403);
  expect((await rig.send({ body: joining(["galaxy.1"]) })).status).toBe(403);
  const { status, body } = await rig.send({ body: joining(["user.ada", "user.bob", "galaxy.1"]) });
  expect(status).toBe(200);
  expect(body.results.map(({ status }: JoinResult) => status)).toEqual([
    "denied",
    "joined",
    "invalid",
  ]);
});

test("S3.7 without a broker join and sign-in are 503, and catch-up works", async () => {
  const noBroker = rig.createRoute({ broker: null });
  expect((await rig.send({ body: joining(["user.bob"]) }, noBroker)).status).toBe(503);
  expect((await rig.send({ body: { v: 1, type: "sign-in", socketId } }, noBroker)).status).toBe(
    503,
  );
  expect((await rig.send({ body: catchingUp({ "user.bob": null }) }, noBroker)).status).toBe(200);
  const anonymous = await rig.send(
    { body: joining(["user.bob"]), headers: { cookie: "" } },
    noBroker,
  );
  expect(anonymous.status).toBe(401);
});

test("A1 a resource can be joined exactly when the viewer's own read returns it", async () => {
  const names = [article("public"), article("draft"), article("missing")];
  const decisions = async (cookie: string) => {
    const { body } = await rig.send({ body: joining(names), headers: { cookie } });
    return body.results.map(({ status }: JoinResult) => status);
  };
  expect(await decisions("session=ada")).toEqual(["joined", "joined", "denied"]);
  expect(await decisions("session=bob")).toEqual(["joined", "denied", "denied"]);
});

test("A3 responses for another user's and for missing resources are equal", async () => {
  for (const body of [joining, (names: string[]) => catchingUp({ [names[0] ?? ""]: null })]) {
    const answers = await Promise.all(
      [article("draft"), article("missing")].map((name) => rig.send({ body: body([name]) })),
    );
    const [theirs, missing] = answers.map(({ status, text }) => ({
      status,
      text: text.replace(/draft|missing/, "x"),
    }));
    expect(theirs).toEqual(missing);
    expect(theirs?.status).toBe(403);
  }
});

test("A3 the database queries for forbidden and for missing resources are equal", async () => {
  const asked = async (name: string) => {
    rig.statements.splice(0);
    await rig.send({ body: joining([article(name)]) });
    return rig.statements.splice(0);
  };
  const forbidden = await asked("draft");
  expect(forbidden).not.toEqual([]);
  expect(await asked("missing")).toEqual(forbidden);
});

test("the real broker accepts the signature, for this socket and channel only", async () => {
  const listener = listen(sharedSoketi(), {
    ...rig.broker,
    signJoin: async (id, wireName) => {
      const name = wireName.replace(/^private-(.*)\.e0$/, "$1");
      const { body } = await rig.send({ body: joining([name], { socketId: id }) });
      return body.results[0]?.auth ?? "refused:by-the-route";
    },
  });
  await listener.join(`private-${article("public")}.e0`);
  await expect(listener.join(`private-${article("draft")}.e0`)).rejects.toThrow("cannot be joined");
  listener.close();
});

test("a join is signed for the current access epoch, and never again for an earlier wire name", async () => {
  const log = createSignalLog({ sql: port(rig.database.reader) });
  const wireName = async () =>
    (await rig.send({ body: joining(["user.bob"]) })).body.results[0].wireName;
  expect(await wireName()).toBe("private-user.bob.e0");
  await rig.database.writer.begin((tx) =>
    log.bumpAccessEpoch(port(tx), channels.user({ userId: "bob" })),
  );
  expect(await wireName()).toBe("private-user.bob.e1");
});

test("a join whose right ends while it is decided is not signed for the new wire name", async () => {
  const log = createSignalLog({ sql: port(rig.database.reader) });
  const name = `user.bob`;
  const before = (await log.accessEpochs([name])).get(name);
  const racing = rig.createRoute({
    authority: authorize(channels, {
      user: async () => {
        // Decides "yes" on the earlier state while the revocation commits.
        await rig.database.writer.begin((tx) =>
          log.bumpAccessEpoch(port(tx), channels.user({ userId: "bob" })),
        );
        return true;
      },
      article: () => false,
      broken: () => false,
    }),
  });
  const { body } = await rig.send({ body: joining([name]) }, racing);
  expect(body.results[0].wireName).toBe(`private-user.bob.e${before}`);
});

test("signing in binds the socket to the session's user, not to a user in the request", async () => {
  const { status, body } = await rig.send({
    body: { v: 1, type: "sign-in", socketId, userId: "ada" },
  });
  expect(status).toBe(200);
  expect(JSON.parse(body.userData)).toEqual({ id: "bob" });
  expect(body.auth).toMatch(/^inkwell-key:[0-9a-f]{64}$/);
});

test("A2 a failing rule neither allows nor denies, and does not affect other decisions", async () => {
  rig.errors.splice(0);
  const names = [article("public"), "broken.1", "user.bob"];
  const { status, body, text } = await rig.send({ body: joining(names) });
  expect(status).toBe(200);
  expect(body.results.map((each: JoinResult) => each.status)).toEqual([
    "joined",
    "unavailable",
    "joined",
  ]);
  expect(text).not.toMatch(/no_such_table|relation/);
  expect(rig.errors.length).toBeGreaterThan(0);
  expect((await rig.send({ body: joining(["broken.1", "user.ada"]) })).status).toBe(503);
});

test.each(["read", "getViewer", "log"] as const)(
  "A2 when %s fails the response is 503 without a reason, and nothing is allowed",
  async (what) => {
    const fail = () => Promise.reject(new Error("password=hunter2"));
    const failing = rig.createRoute(
      what === "log"
        ? {
            log: {
              append: fail,
              behind: fail,
              since: fail,
              accessEpochs: fail,
              bumpAccessEpoch: fail,
            },
          }
        : { [what]: fail },
    );
    for (const body of [joining(["user.bob"]), catchingUp({ "user.bob": null })]) {
      const { status, text } = await rig.send({ body }, failing);
      expect(status).toBe(503);
      expect(text).not.toMatch(/hunter2|Error/);
      expect(text).not.toMatch(signatures);
    }
  },
);

test("all rules of a request run in one transaction of the viewer", async () => {
  let transactions = 0;
  const counting = rig.createRoute({
    read: (_viewer, fn) => {
      transactions += 1;
      return fn((() => Promise.resolve([{}])) as Sql);
    },
  });
  const names = Array.from({ length: 100 }, (_, index) => `article.${index}`);
  const { body } = await rig.send({ body: joining(names) }, counting);
  expect(body.results).toHaveLength(100);
  expect(transactions).toBe(1);
});

test("a secret that is too short is refused at start", () => {
  expect(() => rig.createRoute({ secret: "short" })).toThrow(/has 5 characters, 32 are needed/);
});
