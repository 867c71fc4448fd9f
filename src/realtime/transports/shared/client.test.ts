import fc from "fast-check";
import { expect, test } from "vitest";
import { type Page, setUp } from "../../../../tests/support/rigs/tabs-rig.ts";
import type { Transport, TransportConnection } from "../../client/transport.ts";
import type { FakeTab } from "../../testing/fakes/fake-browser.ts";
import { shared } from "./client.ts";

const line = "querycast.2 fake u1";

test("T5 messages of other scripts are ignored", async () => {
  const { openPages, browser, clock, broker } = setUp();
  const { leader, followers } = await openPages(2);
  const from = "1.1";
  const forged: unknown[] = [
    undefined,
    null,
    7,
    "lost",
    [],
    {},
    { type: "lost" },
    { type: "lost", from: 7 },
    { type: "lost", from, reason: "bored", message: "" },
    { type: "lost", from: "nobody", reason: "lost", message: "" },
    { type: "constructor", from },
    { type: "__proto__", from },
    { type: "here", from, to: "2.1", socketId: 7 },
    { type: "event", from, wireName: "private-a.e0" },
    { type: "event", from: "nobody", wireName: "private-a.e0", name: "changed" },
    { type: "subscribed", from, to: "2.1", wireName: "private-z.e0", ask: 1 },
    { type: "subscribe", from: "nobody", to: from, wireName: "private-z.e0", auth: "", ask: 1 },
    { type: "unsubscribe", from: "nobody", to: from, wireName: "private-a.e0" },
    { type: "leave", from: "nobody" },
  ];
  for (const message of forged) browser.post(line, message);
  await clock.advance(20);
  for (const page of [leader, ...followers]) expect([page.received, page.lost]).toEqual([[], []]);
  expect(broker.log).toEqual(["+private-a.e0"]);
});

test("T6 a page that is not allowed to use locks has a separate connection", async () => {
  const { openPage, browser, clock, broker } = setUp();
  const tab = browser.openTab();
  const locks = { request: () => Promise.reject(new DOMException("No.", "SecurityError")) };
  const page = openPage({ tab: { ...tab, locks: locks as unknown as FakeTab["locks"] } });
  await clock.advance(20);
  expect(page.socketId()).toBe("1.1");
  page.subscribe("private-a.e0");
  await clock.advance(20);
  expect(page.acknowledged()).toEqual(["private-a.e0"]);
  page.close();
  await clock.advance(20);
  expect([broker.sockets.size, browser.channels(), page.lost.length]).toEqual([0, 0, 0]);
});

test("T6 without Web Locks or BroadcastChannel the transport is used unchanged", () => {
  const handed: unknown[] = [];
  const connection: TransportConnection = {
    subscribe: () => {},
    unsubscribe: () => {},
    signIn: () => {},
    ping: () => {},
    close: () => {},
  };
  const connect: Transport["connect"] = (handlers) => {
    handed.push(handlers);
    return connection;
  };
  const handlers = {} as Parameters<Transport["connect"]>[0];
  // Node has no document.
  const opened = shared({ name: "own", connect }, { key: "u1" }).connect(handlers);
  expect(opened).toBe(connection);
  expect(handed).toEqual([handlers]);
});

test("a tab that is closed at once or later leaves no lock, channel, timer or socket", async () => {
  const { openPage, openPages, clock, browser, broker } = setUp();
  // StrictMode mounts, unmounts and mounts again synchronously.
  openPage().close();
  const { leader, followers } = await openPages(3);
  for (const page of [leader, ...followers]) page.close();
  for (const page of followers) page.close();
  await clock.advance(20);
  expect([browser.locks(), browser.channels(), clock.pending(), broker.sockets.size]).toEqual([
    0, 0, 0, 0,
  ]);
});

const names = ["private-a.e0", "private-b.e0"];
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("subscribe"), name: fc.constantFrom(...names) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("unsubscribe"), name: fc.constantFrom(...names) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("leave", "crash", "freeze", "close", "hang") }),
  },
);
const steps = fc.array(
  fc.record({ page: fc.nat(2), step, waitMs: fc.constantFrom(0, 0, 1, 1, 2, 60) }),
  { maxLength: 30 },
);

test("T1 T3 after any sequence of actions one socket is subscribed to exactly the wire names of all tabs", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (planned) => {
      const { openPage, clock, broker, subscribed, browser } = setUp();
      const pages = [openPage(), openPage(), openPage()];
      const gone = new Set<Page>();
      for (const { page: index, step, waitMs } of planned) {
        const page = pages[index];
        if (page === undefined || gone.has(page)) continue;
        if ("name" in step) {
          if (step.do === "subscribe" && !page.wanted.has(step.name)) page.subscribe(step.name);
          else if (step.do === "unsubscribe" && page.wanted.has(step.name)) {
            page.unsubscribe(step.name);
          }
        } else {
          if (step.do === "close") page.close();
          else page.tab[step.do as "leave" | "crash" | "freeze" | "hang"]();
          gone.add(page);
        }
        await clock.advance(waitMs);
      }
      await clock.advance(30_000);

      const alive = pages.filter((page) => !gone.has(page));
      const union = [...new Set(alive.flatMap((page) => [...page.wanted]))].sort();
      for (const page of alive) {
        expect(page.acknowledged()).toEqual([...page.wanted].sort());
        page.received.splice(0);
      }
      const hung = planned.some(({ step }) => step.do === "hang");
      // A tab that hangs keeps its socket and its subscriptions.
      if (!hung) expect(subscribed()).toEqual(alive.length > 0 ? [union] : []);
      for (const name of names) broker.send(name, "changed", "{}");
      await clock.advance(20);
      for (const page of alive) {
        expect(page.received).toEqual([...page.wanted].sort().map((name) => `${name} changed`));
      }
      for (const page of pages) {
        page.tab.resume();
        page.close();
      }
      await clock.advance(20);
      expect([browser.locks(), browser.channels(), broker.sockets.size]).toEqual([0, 0, 0]);
    }),
    { numRuns: 300 },
  );
}, 60_000);
