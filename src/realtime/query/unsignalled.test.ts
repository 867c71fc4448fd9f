import { expect, test } from "vitest";
import { a1, a2, setUp } from "../../../tests/support/rigs/bridge-rig.ts";
import { epochChangedEvent } from "../protocol/epoch-changed.ts";

const hourMs = 3_600_000;

/** A live page with two queries, of which one has a refused channel. */
async function openPage(refusal: "off" | "denied", settings: { slowPollMs?: number | false } = {}) {
  const rig = setUp(settings);
  const refuse = { off: rig.route.turnOff, denied: rig.route.deny }[refusal];
  refuse(a1.name);
  const refused = rig.mount("refused", [a1]);
  const other = rig.mount("other", [a2]);
  await rig.settle();
  await rig.settle();
  const readsDuring = async (ms: number) => {
    const before = [refused.fetches.length, other.fetches.length];
    await rig.clock.advance(ms);
    return [refused.fetches.length, other.fetches.length].map(
      (count, index) => count - (before[index] ?? 0),
    );
  };
  return { ...rig, refused, other, readsDuring };
}

for (const refusal of ["off", "denied"] as const) {
  test(`U3 S3.30 a query whose channel is ${refusal} has this state on a live page, and is fetched slowly and on focus`, async () => {
    const { bridge, client, environment, other, readsDuring, refused } = await openPage(refusal);
    expect(client.getState().status).toBe("live");
    expect([refused.state().status, other.state().status]).toEqual([refusal, "live"]);
    expect(bridge.pageState()).toMatchObject({
      status: "partly-live",
      liveQueries: 1,
      notLive: [{ queryKey: ["refused"], state: { status: refusal } }],
    });
    const [slow = 0, live] = await readsDuring(hourMs);
    expect(slow).toBeGreaterThanOrEqual(11);
    expect(slow).toBeLessThanOrEqual(13);
    expect(live).toBe(0);
    await readsDuring(60_000);
    environment.set({ visible: false });
    expect(await readsDuring(60_000)).toEqual([0, 0]);
    environment.set({ visible: true });
    expect(await readsDuring(1_000)).toEqual([1, 0]);
  });

  test(`U3 a query whose channel is ${refusal} is neither polled nor fetched on focus with slowPollMs false`, async () => {
    const { environment, readsDuring } = await openPage(refusal, { slowPollMs: false });
    expect(await readsDuring(hourMs)).toEqual([0, 0]);
    environment.set({ visible: false });
    await readsDuring(60_000);
    environment.set({ visible: true });
    expect(await readsDuring(60_000)).toEqual([0, 0]);
  });
}

for (const refusal of ["off", "denied"] as const) {
  test(`U3 a query whose channel is ${refusal} is polled as slowly while its fetches fail, and a failed fetch after a signal is retried sooner`, async () => {
    const { clock, environment, mount, publish, route, settle } = setUp();
    if (refusal === "off") route.turnOff(a1.name);
    else route.deny(a1.name);
    const site = { fails: false };
    const read = async (n: number) => {
      if (site.fails) throw new Error("not found");
      return n;
    };
    const refused = mount("refused", [a1], read);
    const mixed = mount("mixed", [a1, a2], read);
    await settle();
    await settle();
    site.fails = true;
    const readsDuring = async (ms: number) => {
      const before = refused.fetches.length;
      await clock.advance(ms);
      return refused.fetches.length - before;
    };
    expect(await readsDuring(hourMs)).toBeLessThanOrEqual(13);
    environment.set({ visible: false });
    await clock.advance(60_000);
    environment.set({ visible: true });
    expect(await readsDuring(60_000)).toBeLessThanOrEqual(2);
    const before = mixed.fetches.length;
    publish(a2);
    await clock.advance(60_000);
    expect(mixed.fetches.length - before).toBeGreaterThanOrEqual(4);
    site.fails = false;
    await clock.advance(60_000);
    expect(mixed.query()?.state.status).toBe("success");
  });
}

test("K4 a query whose channel turns invalid keeps its data, is polled slowly, and is live again once the server knows the channel", async () => {
  const { broker, clock, mount, route, settle } = setUp();
  const list = mount("list", [a1]);
  await settle();
  route.disown(a1.name);
  broker.stop();
  broker.start();
  await settle();
  await settle();
  expect(list.state().status).toBe("off");
  const before = list.fetches.length;
  expect(list.data()).toBe(before);
  await clock.advance(hourMs);
  expect(list.data()).toBe(list.fetches.length);
  expect(list.fetches.length - before).toBeGreaterThanOrEqual(11);
  expect(list.fetches.length - before).toBeLessThanOrEqual(13);
  route.disown(a1.name, false);
  await clock.advance(120_000);
  expect(list.state().status).toBe("live");
});

test("U3 slow polls are spread over half to one and a half times their interval", async () => {
  for (const [random, ms] of [
    [0, 150_000],
    [0.999, 449_700],
  ] as const) {
    const { clock, mount, route, settle } = setUp({ random: () => random });
    route.turnOff(a1.name);
    const list = mount("list", [a1]);
    await settle();
    await settle();
    const before = list.fetches.length;
    await clock.advance(ms - 10_000);
    expect(list.fetches.length).toBe(before);
    await clock.advance(20_000);
    expect(list.fetches.length).toBe(before + 1);
  }
});

test("U3 K6 only the query whose channel fails is polled", async () => {
  const { broker, clock, mount, route, settle } = setUp();
  const failing = mount("failing", [a1]);
  const other = mount("other", [a2]);
  await settle();
  route.failChannel(a1.name, 1_000);
  broker.send(route.wireName(a1.name), epochChangedEvent, "{}");
  await clock.advance(10_000);
  expect([failing.state().status, other.state().status]).toEqual(["polling", "live"]);
  const before = [failing.fetches.length, other.fetches.length];
  await clock.advance(310_000);
  expect(failing.fetches.length - (before[0] ?? 0)).toBeGreaterThanOrEqual(9);
  expect(other.fetches.length).toBe(before[1]);
});

test("U4 S3.30 a page without a transport fetches on focus, and not at intervals", async () => {
  const { clock, environment, mount } = setUp({ isConnected: false });
  const list = mount("list", [a1]);
  await clock.advance(1_000);
  expect(list.state()).toMatchObject({ status: "offline", reason: "no-transport" });
  await clock.advance(hourMs);
  expect(list.fetches).toHaveLength(1);
  environment.set({ visible: false });
  await clock.advance(60_000);
  environment.set({ visible: true });
  await clock.advance(1_000);
  expect(list.fetches).toHaveLength(2);
});

test("U4 S3.30 a page without a transport polls with pullMs, and not while it is hidden", async () => {
  const { clock, environment, mount } = setUp({ isConnected: false, pullMs: 60_000 });
  const list = mount("list", [a1]);
  await clock.advance(hourMs);
  expect(list.fetches.length).toBeGreaterThanOrEqual(58);
  expect(list.fetches.length).toBeLessThanOrEqual(62);
  environment.set({ visible: false });
  const before = list.fetches.length;
  await clock.advance(hourMs);
  expect(list.fetches).toHaveLength(before);
});

test("U13 S3.30 the time of the last fetch changes with fetched or restored data, and not otherwise", async () => {
  const { bridge, clock, environment, mount, publish, queryClient, settle } = setUp();
  const site = { fails: false };
  const list = mount("list", [a1], async (n) => {
    if (site.fails) throw new Error("refused");
    return n;
  });
  expect(list.state().lastReadAtMs).toBeUndefined();
  await settle();
  const first = list.query()?.state.dataUpdatedAt;
  expect(list.state().lastReadAtMs).toBe(first);
  const later = (first ?? 0) + 60_000;

  queryClient.setQueryData(["list"], "optimistic", { updatedAt: later });
  expect(list.state().lastReadAtMs).toBe(first);
  site.fails = true;
  publish();
  await clock.advance(100);
  await queryClient.cancelQueries({ queryKey: ["list"] });
  environment.set({ visible: false });
  environment.set({ visible: true });
  expect(list.state().lastReadAtMs).toBe(first);

  list.query()?.setState({ data: "restored", dataUpdatedAt: later });
  expect(list.state().lastReadAtMs).toBe(later);
  site.fails = false;
  await clock.advance(60_000);
  expect(list.state().lastReadAtMs).toBe(list.query()?.state.dataUpdatedAt);
  expect(list.state().lastReadAtMs).not.toBe(later);
  expect(bridge.liveState("none").lastReadAtMs).toBeUndefined();
});

test("U1 a state is the same object until it changes, and each change is reported once", async () => {
  const { bridge, broker, mount, publish, settle } = setUp();
  const list = mount("list", [a1]);
  await settle();
  const reports: string[] = [];
  const stop = bridge.onLiveStateChange(() => reports.push(list.state().status));
  const [state, page] = [list.state(), bridge.pageState()];
  expect([list.state(), bridge.pageState()]).toEqual([state, page]);
  expect(list.state()).toBe(state);
  expect(bridge.pageState()).toBe(page);
  publish();
  await settle();
  expect(list.state().status).toBe("live");
  broker.stop();
  await settle();
  expect(list.state()).toMatchObject({ status: "polling", cause: "connection" });
  expect(reports.at(-1)).toBe("polling");
  stop();
  const count = reports.length;
  broker.start();
  await settle();
  expect(reports).toHaveLength(count);
});
