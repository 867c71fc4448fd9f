import { expect, test } from "vitest";
import { type Page, setUp } from "../../../../tests/support/rigs/tabs-rig.ts";
import type { FakeTab } from "../../testing/fakes/fake-browser.ts";

test("T1 tabs of one viewer open one socket, and each receives its id", async () => {
  const { openPages, broker } = setUp();
  const { leader, followers } = await openPages(3);
  expect(broker.attempts()).toBe(1);
  expect(followers.map((page) => page.socketId())).toEqual([leader.socketId(), leader.socketId()]);
  expect(leader.socketId()).toBe("1.1");
});

test("T1 tabs opened at the same time open one socket", async () => {
  const { openPage, clock, broker } = setUp();
  const pages = [openPage(), openPage(), openPage()];
  await clock.advance(100);
  expect(broker.attempts()).toBe(1);
  expect(pages.map((page) => page.socketId())).toEqual(["1.1", "1.1", "1.1"]);
});

test("T1 an event reaches exactly the tabs subscribed to its wire name", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(3);
  followers[0]?.subscribe("private-b.e0");
  await clock.advance(20);
  broker.send("private-a.e0", "changed", "{}");
  broker.send("private-b.e0", "changed", "{}");
  await clock.advance(20);
  expect(leader.received).toEqual(["private-a.e0 changed"]);
  expect(followers[0]?.received).toEqual(["private-a.e0 changed", "private-b.e0 changed"]);
  expect(followers[1]?.received).toEqual(["private-a.e0 changed"]);
});

test("T1 a wire name is subscribed once for all tabs, and later tabs are acknowledged at once", async () => {
  const { openPages, broker } = setUp();
  const { leader, followers } = await openPages(3);
  expect(broker.log).toEqual(["+private-a.e0"]);
  for (const page of [leader, ...followers]) expect(page.acknowledged()).toEqual(["private-a.e0"]);
});

test("a socket is signed in once", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(2);
  for (const page of [leader, ...followers]) page.signIn();
  await clock.advance(20);
  expect([...broker.sockets].map(({ userId }) => userId)).toEqual(["u1"]);
});

test.each<[string, (page: Page) => void]>([
  ["unsubscribes", (page) => page.unsubscribe("private-b.e0")],
  ["closes its connection", (page) => page.close()],
  ["is left", (page) => page.tab.leave()],
  ["crashes", (page) => page.tab.crash()],
  ["is frozen", (page) => page.tab.freeze()],
])("T1 a wire name is unsubscribed when its last tab %s", async (_how, go) => {
  const { openPages, clock, broker, subscribed } = setUp();
  const { followers } = await openPages(3);
  for (const page of followers) page.subscribe("private-b.e0");
  await clock.advance(20);
  for (const page of followers) {
    expect(subscribed()).toEqual([["private-a.e0", "private-b.e0"]]);
    go(page);
    await clock.advance(20);
  }
  expect(subscribed()).toEqual([["private-a.e0"]]);
  expect(broker.attempts()).toBe(1);
});

test("T2 tabs with different keys share nothing", async () => {
  const { openPage, clock, broker } = setUp();
  const [mine, theirs] = [openPage({ key: "u1" }), openPage({ key: "u2" })];
  await clock.advance(20);
  expect(broker.attempts()).toBe(2);
  mine.subscribe("private-a.e0");
  theirs.wanted.add("private-a.e0");
  await clock.advance(20);
  broker.send("private-a.e0", "changed", "{}");
  await clock.advance(20);
  expect([mine.received, theirs.received]).toEqual([["private-a.e0 changed"], []]);
});

test("a refusal by the broker reaches every tab as a refusal", async () => {
  const { openPage, clock, broker } = setUp();
  const pages = [openPage({ again: false }), openPage({ again: false })];
  await clock.advance(20);
  broker.cut(4_001);
  await clock.advance(20);
  for (const page of pages) expect(page.lost).toMatchObject([{ reason: "refused" }]);
});

test("a failed subscription fails for every tab that requested it, and may be requested again", async () => {
  const { openPage, clock, broker } = setUp();
  const pages = [openPage(), openPage()];
  await clock.advance(20);
  broker.reject("private-a.e0");
  broker.freeze();
  for (const page of pages) page.subscribe("private-a.e0");
  await clock.advance(20);
  broker.thaw();
  await clock.advance(20);
  for (const page of pages) expect(page.received).toEqual(["failed private-a.e0"]);
  pages[1]?.subscribe("private-a.e0");
  await clock.advance(20);
  expect(pages[1]?.acknowledged()).toEqual(["private-a.e0"]);
});

test("after a lost acknowledgement the next request subscribes again", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader } = await openPages(1);
  broker.setMute(true);
  leader.subscribe("private-b.e0");
  await clock.advance(10_000);
  leader.unsubscribe("private-b.e0");
  broker.setMute(false);
  leader.subscribe("private-b.e0");
  await clock.advance(20);
  expect(leader.acknowledged()).toEqual(["private-a.e0", "private-b.e0"]);
});

test("an unused wire name is not unsubscribed before the broker has acknowledged it", async () => {
  const { openPages, clock, broker, subscribed } = setUp();
  const { leader } = await openPages(1);
  broker.freeze();
  leader.subscribe("private-b.e0");
  await clock.advance(20);
  leader.unsubscribe("private-b.e0");
  leader.subscribe("private-b.e0");
  leader.unsubscribe("private-b.e0");
  await clock.advance(20);
  broker.thaw();
  await clock.advance(20);
  expect(broker.log).toEqual(["+private-a.e0", "+private-b.e0", "-private-b.e0"]);
  expect(subscribed()).toEqual([["private-a.e0"]]);
});

test("a late acknowledgement does not count for a later subscription", async () => {
  const { openPages, clock, broker } = setUp();
  const [follower] = (await openPages(2)).followers;
  follower?.subscribe("private-b.e0");
  await clock.advance(1); // acknowledged by the broker, not yet received by the follower
  broker.freeze();
  follower?.unsubscribe("private-b.e0");
  follower?.subscribe("private-b.e0");
  await clock.advance(20);
  expect(follower?.acknowledged()).toEqual(["private-a.e0"]);
  broker.thaw();
  await clock.advance(20);
  expect(follower?.acknowledged()).toEqual(["private-a.e0", "private-b.e0"]);
});

test("a tab announces itself only while it holds its own lock, so that no leader treats it as closed", async () => {
  const { openPage, browser, clock } = setUp();
  const tab = browser.openTab();
  const request = async (...asked: Parameters<LockManager["request"]>) => {
    await new Promise<void>((resolve) => void clock.after(500, resolve));
    return tab.locks.request(...asked);
  };
  const slow = openPage({ tab: { ...tab, locks: { request } as FakeTab["locks"] } });
  slow.wanted.add("private-a.e0");
  openPage();
  await clock.advance(1_500);
  expect(slow.acknowledged()).toEqual(["private-a.e0"]);
});
