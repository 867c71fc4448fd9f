import fc from "fast-check";
import { expect, test } from "vitest";
import type { Disconnection, Transport, TransportConnection } from "../../client/transport.ts";
import { signChannel, signUserData } from "../../testing/fake-app.ts";
import { createFakeBroker } from "../../testing/fake-broker.ts";
import { createFakeBrowser, type FakeTab } from "../../testing/fake-browser.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { shared } from "./client.ts";

const line = "querycast.2 fake u1";

function setUp() {
  const clock = createFakeClock();
  const browser = createFakeBrowser(clock);
  const broker = createFakeBroker();

  /** A page that connects again 50 ms after it was disconnected, and asks for what it wants. */
  const openPage = ({ tab = browser.openTab(), key = "u1" as string, again = true } = {}) => {
    const transport = shared(dyingWith(broker.transport, tab), {
      key,
      tabs: tab,
      clock: tab.clock,
    });
    const wanted = new Set<string>();
    const heard: string[] = [];
    const lost: Disconnection[] = [];
    let acknowledged = new Set<string>();
    let connection: TransportConnection | undefined;
    let socketId: string | undefined;
    let isClosed = false;
    const ask = (wireName: string) => {
      if (socketId === undefined) return;
      connection?.subscribe(wireName, signChannel(broker.app, socketId, wireName));
    };
    const connect = () => {
      if (isClosed) return;
      connection = transport.connect({
        connected: (id) => {
          socketId = id;
          for (const wireName of wanted) ask(wireName);
        },
        disconnected: (why) => {
          lost.push(why);
          socketId = undefined;
          acknowledged = new Set();
          if (again) tab.clock.after(50, connect);
        },
        subscribed: (wireName) => acknowledged.add(wireName),
        subscriptionFailed: (wireName) => heard.push(`failed ${wireName}`),
        event: (wireName, name) => heard.push(`${wireName} ${name}`),
      });
    };
    connect();
    return {
      tab,
      heard,
      lost,
      wanted,
      socketId: () => socketId,
      acknowledged: () => [...acknowledged].sort(),
      subscribe: (wireName: string) => {
        wanted.add(wireName);
        ask(wireName);
      },
      unsubscribe: (wireName: string) => {
        wanted.delete(wireName);
        acknowledged.delete(wireName);
        connection?.unsubscribe(wireName);
      },
      /** Counts the answers. */
      ping: () => connection?.ping(() => heard.push("pong")),
      signIn: () => {
        const userData = JSON.stringify({ id: "u1" });
        connection?.signIn(signUserData(broker.app, socketId ?? "", userData), userData);
      },
      close: () => {
        isClosed = true;
        connection?.close();
      },
    };
  };
  /** One page that leads, and others that follow, all wanting `private-a.e0`. */
  const openPages = async (count: number) => {
    const pages = [];
    for (let index = 0; index < count; index += 1) {
      const page = openPage();
      await clock.advance(20);
      page.subscribe("private-a.e0");
      await clock.advance(20);
      pages.push(page);
    }
    const [leader, ...followers] = pages;
    if (leader === undefined) throw new Error("No page was opened.");
    return { leader, followers };
  };
  const subscribed = () => [...broker.sockets].map((socket) => [...socket.subscriptions].sort());
  return { clock, browser, broker, openPage, openPages, subscribed };
}

type Page = ReturnType<ReturnType<typeof setUp>["openPage"]>;

/** A tab that is gone takes its sockets with it. */
function dyingWith(transport: Transport, tab: FakeTab): Transport {
  return {
    name: transport.name,
    connect: (handlers) => {
      const connection = transport.connect(handlers);
      const { crash } = tab;
      tab.crash = () => {
        crash();
        connection.close();
      };
      return connection;
    },
  };
}

test("T1 tabs of one viewer open one socket, and each is told its id", async () => {
  const { openPages, broker } = setUp();
  const { leader, followers } = await openPages(3);
  expect(broker.attempts()).toBe(1);
  expect(followers.map((page) => page.socketId())).toEqual([leader.socketId(), leader.socketId()]);
  expect(leader.socketId()).toBe("1.1");
});

test("T1 tabs opened in one instant open one socket", async () => {
  const { openPage, clock, broker } = setUp();
  const pages = [openPage(), openPage(), openPage()];
  await clock.advance(100);
  expect(broker.attempts()).toBe(1);
  expect(pages.map((page) => page.socketId())).toEqual(["1.1", "1.1", "1.1"]);
});

test("T1 an event reaches exactly the tabs that want its wire name", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(3);
  followers[0]?.subscribe("private-b.e0");
  await clock.advance(20);
  broker.send("private-a.e0", "changed", "{}");
  broker.send("private-b.e0", "changed", "{}");
  await clock.advance(20);
  expect(leader.heard).toEqual(["private-a.e0 changed"]);
  expect(followers[0]?.heard).toEqual(["private-a.e0 changed", "private-b.e0 changed"]);
  expect(followers[1]?.heard).toEqual(["private-a.e0 changed"]);
});

test("T1 a wire name is asked for once, however many tabs want it; the late are told at once", async () => {
  const { openPages, broker } = setUp();
  const { leader, followers } = await openPages(3);
  expect(broker.log).toEqual(["+private-a.e0"]);
  for (const page of [leader, ...followers]) expect(page.acknowledged()).toEqual(["private-a.e0"]);
});

test("a socket is tied to its user once", async () => {
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
])("T1 a wire name is left when the last tab that wants it %s", async (_how, go) => {
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
  expect([mine.heard, theirs.heard]).toEqual([["private-a.e0 changed"], []]);
});

test.each<[string, (leader: Page, setup: ReturnType<typeof setUp>) => void]>([
  ["closes its connection", (leader) => leader.close()],
  ["is left", (leader) => leader.tab.leave()],
  ["crashes", (leader) => leader.tab.crash()],
  ["is frozen", (leader) => leader.tab.freeze()],
  ["loses its socket", (_leader, { broker }) => broker.cut()],
])(
  "T3 when the leading tab %s, another leads within a second and all are subscribed",
  async (_how, go) => {
    const context = setUp();
    const { leader, followers } = await context.openPages(3);
    go(leader, context);
    await context.clock.advance(1_000);
    expect(context.broker.sockets.size).toBe(1);
    expect(context.broker.attempts()).toBe(2);
    for (const page of followers) {
      expect(page.lost).toHaveLength(1);
      expect(page.socketId()).toBe("1.2");
      expect(page.acknowledged()).toEqual(["private-a.e0"]);
    }
  },
);

test("T3 a frozen tab that led follows when it is thawed", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader } = await openPages(2);
  leader.tab.freeze();
  await clock.advance(60_000);
  leader.tab.resume();
  await clock.advance(1_000);
  expect(leader.socketId()).toBe("1.2");
  expect(leader.acknowledged()).toEqual(["private-a.e0"]);
  expect(broker.sockets.size).toBe(1);
});

test("T4 a leading tab that hangs is deposed within 10 s, and follows when it is back", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(3);
  leader.tab.hang();
  await clock.advance(10_000);
  for (const page of followers) {
    expect(page.socketId()).toBe("1.2");
    expect(page.acknowledged()).toEqual(["private-a.e0"]);
  }
  leader.tab.resume();
  await clock.advance(1_000);
  expect(broker.sockets.size).toBe(1);
  expect(leader.socketId()).toBe("1.2");
  for (const page of followers) expect(page.lost).toHaveLength(1);
});

test("T4 a tab opened while the leading one hangs does not wait for it", async () => {
  const { openPages, openPage, clock } = setUp();
  const { leader } = await openPages(1);
  leader.tab.hang();
  const late = openPage();
  await clock.advance(5_000);
  expect(late.socketId()).toBe("1.2");
});

test("T4 a tab that slept itself does not blame its leader", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(2);
  const [sleeper] = followers;
  await clock.advance(4_000);
  sleeper?.tab.hang();
  await clock.advance(60_000);
  sleeper?.tab.resume();
  await clock.advance(20_000);
  expect(broker.attempts()).toBe(1);
  expect([leader.lost, sleeper?.lost]).toEqual([[], []]);
});

test("T4 a computer that slept blames nobody, though its timers are due before its messages", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(2);
  leader.tab.hang();
  await clock.advance(5_000); // the follower has asked, and waits for the answer
  for (const page of followers) page.tab.hang();
  await clock.advance(60_000);
  for (const page of [...followers, leader]) page.tab.resume();
  await clock.advance(20_000);
  expect(broker.attempts()).toBe(1);
  for (const page of [leader, ...followers]) expect(page.lost).toEqual([]);
});

test("a leading tab nobody looked at for five minutes gives way to one that is looked at", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(2);
  leader.tab.setVisible(false);
  await clock.advance(4 * 60_000);
  expect(broker.attempts()).toBe(1);
  await clock.advance(2 * 60_000);
  expect(broker.attempts()).toBe(2);
  expect(broker.sockets.size).toBe(1);
  expect(followers[0]?.acknowledged()).toEqual(["private-a.e0"]);
});

test("hidden tabs do not ask a hidden leader to give way", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(2);
  for (const page of [leader, ...followers]) page.tab.setVisible(false);
  await clock.advance(20 * 60_000);
  expect(broker.attempts()).toBe(1);
});

test("a refusal by the broker reaches every tab as one", async () => {
  const { openPage, clock, broker } = setUp();
  const pages = [openPage({ again: false }), openPage({ again: false })];
  await clock.advance(20);
  broker.cut(4_001);
  await clock.advance(20);
  for (const page of pages) expect(page.lost).toMatchObject([{ reason: "refused" }]);
});

test("a subscription that failed fails for every tab that wanted it, and may be asked for again", async () => {
  const { openPage, clock, broker } = setUp();
  const pages = [openPage(), openPage()];
  await clock.advance(20);
  broker.reject("private-a.e0");
  broker.freeze();
  for (const page of pages) page.subscribe("private-a.e0");
  await clock.advance(20);
  broker.thaw();
  await clock.advance(20);
  for (const page of pages) expect(page.heard).toEqual(["failed private-a.e0"]);
  pages[1]?.subscribe("private-a.e0");
  await clock.advance(20);
  expect(pages[1]?.acknowledged()).toEqual(["private-a.e0"]);
});

test("an acknowledgement that was lost is asked for again by the next who asks", async () => {
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

test("a wire name nobody wants is not left before the broker has answered", async () => {
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

test("an acknowledgement on its way is not taken for one to a later subscription", async () => {
  const { openPages, clock, broker } = setUp();
  const [follower] = (await openPages(2)).followers;
  follower?.subscribe("private-b.e0");
  await clock.advance(1); // acknowledged, and the answer is on its way
  broker.freeze();
  follower?.unsubscribe("private-b.e0");
  follower?.subscribe("private-b.e0");
  await clock.advance(20);
  expect(follower?.acknowledged()).toEqual(["private-a.e0"]);
  broker.thaw();
  await clock.advance(20);
  expect(follower?.acknowledged()).toEqual(["private-a.e0", "private-b.e0"]);
});

test("a tab says hello only when its own lock is held, so that no leader takes it for gone", async () => {
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

test("T5 what another script posts is ignored", async () => {
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
  for (const page of [leader, ...followers]) expect([page.heard, page.lost]).toEqual([[], []]);
  expect(broker.log).toEqual(["+private-a.e0"]);
});

test("T6 a page that may not use locks has a connection of its own", async () => {
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

test("T7 a follower that wakes up has the broker answer through its leader, and nobody else hears of it", async () => {
  const { clock, openPages } = setUp();
  const { leader, followers } = await openPages(3);
  followers[0]?.ping();
  leader.ping();
  await clock.advance(10);
  expect([leader, ...followers].map(({ heard }) => heard)).toEqual([["pong"], ["pong"], []]);
  await clock.advance(60_000);
  expect([leader, ...followers].flatMap(({ lost }) => lost)).toEqual([]);
});

test("T7 a socket that does not answer one of them is dead for all: each is told, and all share the next", async () => {
  const { broker, clock, openPages, subscribed } = setUp();
  const { leader, followers } = await openPages(3);
  broker.halfOpen();
  followers[1]?.ping();
  await clock.advance(2_100);
  for (const page of [leader, ...followers]) {
    expect(page.lost).toEqual([{ reason: "lost", message: "The broker does not answer." }]);
  }
  await clock.advance(500);
  for (const page of [leader, ...followers]) expect(page.acknowledged()).toEqual(["private-a.e0"]);
  // The dead socket is the broker's to forget.
  expect(subscribed().at(-1)).toEqual(["private-a.e0"]);
  expect(broker.attempts()).toBe(2);
});

test("T6 where tabs cannot find each other the transport is used as it is", () => {
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

test("closed at once or later, a tab leaves no lock, no channel, no timer and no socket", async () => {
  const { openPage, openPages, clock, browser, broker } = setUp();
  // StrictMode: mounted, unmounted and mounted again in one go.
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

test("T1 T3 whatever tabs do and in whatever order, one socket ends subscribed to exactly what they want", async () => {
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
        page.heard.splice(0);
      }
      const hung = planned.some(({ step }) => step.do === "hang");
      // A tab that hangs keeps its socket, and what it followed for.
      if (!hung) expect(subscribed()).toEqual(alive.length > 0 ? [union] : []);
      for (const name of names) broker.send(name, "changed", "{}");
      await clock.advance(20);
      for (const page of alive) {
        expect(page.heard).toEqual([...page.wanted].sort().map((name) => `${name} changed`));
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
