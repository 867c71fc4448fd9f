import { live } from "querycast";
import { expect, onTestFinished, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { createFakeBroker } from "@/realtime/testing/fakes/fake-broker.ts";
import { createFakeClock } from "@/realtime/testing/fakes/fake-clock.ts";
import { createFakeRoute } from "@/realtime/testing/fakes/fake-route.ts";
import { createPerson } from "../people/person.ts";
import type { Read } from "../people/reads.ts";
import { createRandom } from "../random.ts";
import { lostFrameMs, positionsMs } from "./bounds.ts";
import { createClaimWatch } from "./claims.ts";
import { settleMs } from "./settle.ts";
import { sampleClaims } from "./watch-claims.ts";

const channel = channels.resource({
  resourceType: "gist",
  resourceId: "00000000-0000-4000-8000-000000000001",
});

/** A real page with a fake broker. The correct value is a number; the test controls the relay's state. */
function setUp() {
  const clock = createFakeClock();
  const broker = createFakeBroker({ clock });
  const route = createFakeRoute();
  let truth = 0;
  let reading: Promise<unknown> | undefined;
  let isRelayed = true;
  const queryKey = ["thread"];
  const read: Read = {
    name: "thread",
    queryKey,
    options: live({ queryKey }, [channel]),
    isInfinite: false,
    select: async () => {
      await reading;
      return truth;
    },
    expected: async () => truth,
    page: undefined,
  };
  const person = createPerson({
    name: "ann",
    userId: "u1",
    reads: [read],
    connect: () => ({ transport: broker.transport, close: () => {} }),
    fetch: route.fetch,
    random: createRandom(1, "ann"),
    clock,
    say: () => {},
  });
  onTestFinished(person.close);
  const claims = createClaimWatch(clock.now);
  const world = { people: [person], claims, isRelayed: () => isRelayed };
  const pass = async (ms: number) => {
    for (let passedMs = 0; passedMs < ms; passedMs += 1_000) {
      await clock.advance(1_000);
      await sampleClaims(world);
    }
  };
  let serial = 0;
  const write = ({ isLogged }: { readonly isLogged: boolean }) => {
    serial += 1;
    truth += 1;
    const signal = { id: `s${serial}`, name: "comment.created", ids: undefined, origin: undefined };
    if (isLogged) route.append(channel.name, signal);
    broker.publish(route.wireName(channel.name), signal);
  };
  return {
    broker,
    claims,
    pass,
    person,
    write,
    says: () => person.claims()?.queries[0],
    hang: () => {
      reading = new Promise(() => {});
    },
    setRelayed: (next: boolean) => {
      isRelayed = next;
    },
  };
}

test("I6 a page that shows each write in time is never reported", async () => {
  const { claims, pass, says, write } = setUp();
  await pass(5_000);
  for (let count = 0; count < 100; count += 1) {
    write({ isLogged: true });
    await pass(3_000);
  }
  expect(says()).toEqual({ read: "thread", status: "live", shown: 100 });
  expect(claims.violations()).toEqual([]);
});

test("I6 a page whose frames are lost and missing in the log is reported once, after the bound", async () => {
  const { claims, pass, person, says, write } = setUp();
  await pass(5_000);
  person.setDropsPushes(true);
  write({ isLogged: false });
  await pass(lostFrameMs);
  expect(claims.violations()).toEqual([]);
  await pass(60_000);
  expect(says()).toEqual({ read: "thread", status: "live", shown: 0 });
  expect(claims.violations()).toEqual([
    expect.stringContaining("I6 ann, thread: live and stale for"),
  ]);
});

test("I6 staleness counts from the first change that a page does not show", async () => {
  const { claims, pass, person, write } = setUp();
  await pass(5_000);
  person.setDropsPushes(true);
  for (let passedMs = 0; passedMs <= lostFrameMs; passedMs += 2_000) {
    write({ isLogged: false });
    await pass(2_000);
  }
  await pass(2_000);
  expect(claims.violations()).toHaveLength(1);
});

test("I6 without a working relay a page is reported after the longer bound", async () => {
  const { claims, pass, person, setRelayed, write } = setUp();
  await pass(5_000);
  person.setDropsPushes(true);
  setRelayed(false);
  write({ isLogged: false });
  await pass(positionsMs);
  expect(claims.violations()).toEqual([]);
  await pass(3_000);
  expect(claims.violations()).toHaveLength(1);
});

test("I6 a stale page that is disconnected, hidden or waiting for a read is not reported", async () => {
  for (const impair of ["disconnect", "hide", "hang"] as const) {
    const { broker, claims, hang, pass, person, says, write } = setUp();
    await pass(5_000);
    if (impair === "disconnect") broker.stop();
    if (impair === "hide") person.setVisible(false);
    if (impair === "hang") hang();
    write({ isLogged: true });
    await pass(20_000);
    expect(says()?.status, impair).not.toBe("live");
    expect(claims.violations(), impair).toEqual([]);
  }
});

test("I6 U2 a live page with a query that is not live is reported", () => {
  const claims = createClaimWatch(() => 0);
  const queries = [
    { read: "thread", status: "live", shown: 1 },
    { read: "count", status: "polling", shown: 1 },
  ];
  claims.page("ann", { page: "partly-live", queries });
  expect(claims.violations()).toEqual([]);
  claims.page("ann", { page: "live", queries });
  expect(claims.violations()).toEqual(["I6 ann: the page is live, but count is polling"]);
});

test("I6 the bound is shorter than the time a scenario waits for its caches", () => {
  expect(lostFrameMs).toBeLessThan(settleMs);
});
