import { expect, test } from "vitest";
import { epochChangedEvent } from "../protocol/epoch-changed.ts";
import { createFakeClock } from "../testing/fakes/fake-clock.ts";
import { type BrokerApp, createBrokerGroup, type ServedApps } from "./broker-group.ts";
import type { Broker, Delivery } from "./ports.ts";

/** An app that records its calls. Its signatures contain its key. */
function createApp(key: string, counts: ReadonlyMap<string, number> = new Map()) {
  const published: string[] = [];
  const terminated: string[] = [];
  const state = { publishing: async () => {}, failsToTell: false };
  const broker: Broker = {
    publish: async (deliveries) => {
      await state.publishing();
      for (const { channel, accessEpoch, signal } of deliveries) {
        published.push(`${channel}.e${accessEpoch} ${signal.name}`);
      }
    },
    signJoin: async (socketId, wireName) => `${key}:${socketId}:${wireName}`,
    signUser: async (socketId, userId) => ({ auth: `${key}:${socketId}`, userData: userId }),
    terminate: async (userId) => {
      terminated.push(userId);
      await state.publishing();
    },
    countSubscriptions: async () => {
      if (state.failsToTell) throw new Error("It does not tell.");
      return counts;
    },
  };
  return { key, broker, published, terminated, state };
}

function setUp(start: BrokerApp) {
  const clock = createFakeClock();
  const errors: unknown[] = [];
  let reads = 0;
  let answer = async (): Promise<ServedApps> => [start];
  const group = createBrokerGroup({
    start: [start],
    read: () => {
      reads += 1;
      return answer();
    },
    onError: (error) => errors.push(error),
    clock,
  });
  return {
    group,
    clock,
    errors,
    reads: () => reads,
    serve: (...apps: [BrokerApp, ...BrokerApp[]]) => {
      answer = async () => apps;
    },
    fail: () => {
      answer = async () => Promise.reject(new Error("The database is away."));
    },
  };
}

const viewer = { id: "u1" };
const comment = (id: string): Delivery => ({
  channel: "resource.7",
  accessEpoch: 2,
  signal: { id, name: `comment.${id}`, ids: undefined, origin: undefined },
});
const contentError = () => Object.assign(new Error("too large"), { blame: "content" });
const awayError = () => Object.assign(new Error("away"), { blame: "broker" });

test("B1 a publish goes to every served app, and each app signs for its own sockets", async () => {
  const [one, two] = [createApp("one"), createApp("two")];
  const { group, serve } = setUp(one);
  serve(two, one);
  await group.publish([comment("1")]);
  expect([one.published, two.published]).toEqual([
    ["resource.7.e2 comment.1"],
    ["resource.7.e2 comment.1"],
  ]);
  const { current, signers } = await group.apps();
  expect([current, [...signers.keys()]]).toEqual(["two", ["two", "one"]]);
  expect(await signers.get("one")?.signJoin("1.1", "private-a.e0", viewer)).toMatch(/^one:/);
  expect(await group.signJoin("1.1", "private-a.e0", viewer)).toBe("two:1.1:private-a.e0");
  expect(await group.signUser("1.1", "u1")).toMatchObject({ auth: "two:1.1" });
});

test("B2 a publish resolves when every app has accepted it, and rejects after all have answered", async () => {
  const [one, two] = [createApp("one"), createApp("two")];
  const { group, serve } = setUp(one);
  serve(one, two);
  let release = () => {};
  two.state.publishing = () =>
    new Promise<void>((resolve) => {
      release = resolve;
    });
  one.state.publishing = async () => Promise.reject(awayError());
  let outcome = "none";
  const publishing = group.publish([comment("1")]).then(
    () => {
      outcome = "accepted";
    },
    (error: Error) => {
      outcome = error.message;
    },
  );
  await new Promise(setImmediate);
  expect(outcome).toBe("none");
  release();
  await publishing;
  expect(outcome).toBe("away");
});

test("B2 a refusal for content is not reported while another app fails for another reason", async () => {
  const [one, two] = [createApp("one"), createApp("two")];
  const { group, serve } = setUp(one);
  serve(one, two);
  one.state.publishing = async () => Promise.reject(contentError());
  two.state.publishing = async () => Promise.reject(awayError());
  await expect(group.publish([comment("1")])).rejects.toThrow("away");
  two.state.publishing = async () => {};
  await expect(group.publish([comment("1")])).rejects.toThrow("too large");
});

test("B3 a retired app receives two notices that the epoch changed, and nothing else", async () => {
  const listened = new Map([
    ["private-resource.7.e2", 3],
    ["private-site.e0", 1],
  ]);
  const [one, two] = [createApp("one", listened), createApp("two")];
  const { group, clock, serve } = setUp(one);
  serve(two, one);
  await group.publish([comment("1")]);
  serve(two);
  await clock.advance(1_000);
  await group.publish([comment("2")]);
  const farewell = [`resource.7.e2 ${epochChangedEvent}`, `site.e0 ${epochChangedEvent}`];
  expect(one.published).toEqual(["resource.7.e2 comment.1", ...farewell]);
  expect(two.published).toEqual(["resource.7.e2 comment.1", "resource.7.e2 comment.2"]);
  expect((await group.apps()).signers.has("one")).toBe(false);
  await clock.advance(3_000);
  expect(one.published).toEqual(["resource.7.e2 comment.1", ...farewell, ...farewell]);
});

test("B3 an app that is deleted before it is retired delays no publish", async () => {
  const [one, two] = [createApp("one"), createApp("two")];
  const { group, errors, serve } = setUp(one);
  one.state.failsToTell = true;
  serve(two);
  await group.publish([comment("1")]);
  expect(two.published).toHaveLength(1);
  expect(errors).toMatchObject([{ message: "It does not tell." }]);
});

test("apps are read at most once a second, and the last known stay in use when reading fails", async () => {
  const [one, two] = [createApp("one"), createApp("two")];
  const { group, clock, errors, fail, reads, serve } = setUp(one);
  serve(two, one);
  for (let asked = 0; asked < 5; asked += 1) await group.apps();
  expect(reads()).toBe(1);
  fail();
  await clock.advance(1_000);
  expect((await group.apps()).current).toBe("two");
  expect(errors).toMatchObject([{ message: "The database is away." }]);
  await group.publish([comment("1")]);
  expect([one.published.length, two.published.length, reads()]).toEqual([1, 1, 2]);
});

test("publishes keep their order, whether apps are read in between or not", async () => {
  const one = createApp("one");
  const { group } = setUp(one);
  await Promise.all(["1", "2", "3"].map((id) => group.publish([comment(id)])));
  expect(one.published.map((each) => each.at(-1))).toEqual(["1", "2", "3"]);
});

test("a user's sockets are closed in every app, and subscriptions of all apps are summed", async () => {
  const [one, two] = [
    createApp("one", new Map([["private-a.e0", 2]])),
    createApp(
      "two",
      new Map([
        ["private-a.e0", 1],
        ["private-b.e0", 4],
      ]),
    ),
  ];
  const { group, serve } = setUp(one);
  serve(two, one);
  expect(await group.countSubscriptions()).toEqual(
    new Map([
      ["private-a.e0", 3],
      ["private-b.e0", 4],
    ]),
  );
  two.state.publishing = async () => Promise.reject(awayError());
  await expect(group.terminate("u1")).rejects.toThrow("away");
  expect([one.terminated, two.terminated]).toEqual([["u1"], ["u1"]]);
  one.state.failsToTell = true;
  await expect(group.countSubscriptions()).rejects.toThrow("It does not tell.");
});
