import { InfiniteQueryObserver, QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { createRealtimeClient } from "../client/client.ts";
import { browserEnvironment, type Environment } from "../client/environment.ts";
import type { TraceEvent, TraceListener } from "../client/trace.ts";
import { channel, defineChannels } from "../protocol/channel.ts";
import { ids } from "../protocol/ids.ts";
import { on } from "../protocol/signal.ts";
import { createFakeBroker } from "../testing/fake-broker.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createFakeEnvironment } from "../testing/fake-environment.ts";
import { createFakeRoute } from "../testing/fake-route.ts";
import { createQueryBridge } from "./bridge.ts";
import { hold, holdWhile } from "./hold.ts";
import { live, type Source } from "./live.ts";
import type { Priority } from "./scheduler.ts";

const channels = defineChannels({
  article: channel("article.{articleId}")
    .signal("comment.created", ids("commentId"))
    .signal("reaction.changed"),
});
const a1 = channels.article({ articleId: "a1" });
const a2 = channels.article({ articleId: "a2" });

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
  vi.unstubAllGlobals();
});

interface Given {
  readonly environment?: Environment;
  readonly random?: () => number;
  readonly onTrace?: TraceListener;
}

function setUp({ random = () => 0.5, onTrace, ...given }: Given = {}) {
  const broker = createFakeBroker();
  const route = createFakeRoute();
  const clock = createFakeClock();
  const fakeEnvironment = createFakeEnvironment();
  const environment = given.environment ?? fakeEnvironment;
  const client = createRealtimeClient({
    channels,
    transport: broker.transport,
    fetch: route.fetch,
    clock,
    environment,
    random,
    ...(onTrace && { onTrace }),
  });
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  const bridge = createQueryBridge({ client, queryClient, clock, random, environment });
  const detach = bridge.attach();
  closers.push(() => {
    detach();
    client.close();
    queryClient.clear();
  });

  /** A mounted query that counts what it read; reads take 100 ms unless told otherwise. */
  const mount = (
    key: string,
    sources: readonly Source[],
    read?: (n: number) => Promise<unknown>,
    given?: { readonly priority: Priority },
  ) => {
    const fetches: number[] = [];
    const options = live(
      {
        queryKey: [key],
        queryFn: ({ signal }: { signal?: AbortSignal }) => {
          fetches.push(clock.now());
          const n = fetches.length;
          signal?.addEventListener("abort", () => aborted.push(n));
          return read?.(n) ?? new Promise((resolve) => clock.after(100, () => resolve(n)));
        },
      },
      sources,
      given,
    );
    const aborted: number[] = [];
    const observer = new QueryObserver(queryClient, options);
    let unmount = observer.subscribe(() => {});
    closers.push(() => unmount());
    return {
      fetches,
      aborted,
      options,
      observer,
      unmount: () => unmount(),
      remount: () => {
        unmount = observer.subscribe(() => {});
      },
      data: () => queryClient.getQueryData([key]),
      query: () => queryClient.getQueryCache().find({ queryKey: [key] }),
    };
  };

  let serial = 0;
  const publish = (ref = a1, name = "comment.created") => {
    serial += 1;
    const signal = { id: `s${serial}`, name, ids: undefined, origin: undefined };
    route.append(ref.name, signal);
    broker.publish(route.wireName(ref.name), signal);
  };
  /** Long enough to join, catch up and read what the first gap made stale. */
  const settle = () => clock.advance(1_000);
  return {
    broker,
    route,
    clock,
    environment: fakeEnvironment,
    client,
    queryClient,
    bridge,
    detach,
    mount,
    publish,
    settle,
  };
}

test("S3.10 a signal makes the queries of its channel read again, and no other resource's query", async () => {
  const { mount, publish, settle } = setUp();
  const first = mount("a1", [a1]);
  const second = mount("a2", [a2]);
  const unbound = mount("free", []);
  await settle();
  const before = [first, second, unbound].map(({ fetches }) => fetches.length);
  publish(a1);
  await settle();
  const after = [first, second, unbound].map(({ fetches }) => fetches.length);
  expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 0, 0]);
});

test("a binding narrowed with on() hears only its signals; an unknown name concerns everybody", async () => {
  const { mount, publish, settle } = setUp();
  const comments = mount("comments", [on(a1, "comment.created")]);
  const reactions = mount("reactions", [on(a1, "reaction.changed")]);
  await settle();
  const count = () => [comments.fetches.length, reactions.fetches.length];
  const [c = 0, r = 0] = count();
  publish(a1, "comment.created");
  await settle();
  expect(count()).toEqual([c + 1, r]);
  publish(a1, "poll.closed");
  await settle();
  expect(count()).toEqual([c + 2, r + 1]);
});

test("C2 a gap marks exactly the queries bound to its channel", async () => {
  const { mount, settle, bridge, broker, route } = setUp();
  const first = mount("a1", [a1]);
  const unbound = mount("free", []);
  await settle();
  const before = first.fetches.length;
  broker.stop();
  route.forget();
  broker.start();
  await settle();
  expect(first.fetches.length).toBe(before + 1);
  expect(unbound.fetches.length).toBe(1);
  expect(bridge).toBeDefined();
});

test("K2 measured case 1: a signal during the first fetch is not lost", async () => {
  const { clock, mount, publish, settle } = setUp();
  mount("open", [a1]);
  await settle();
  const late = mount("late", [a1]);
  await clock.advance(50);
  publish();
  await clock.advance(49);
  expect(late.fetches).toHaveLength(1);
  await settle();
  expect(late.fetches).toHaveLength(2);
  expect(late.data()).toBe(2);
});

test("K3 measured case 2: 25 signals a second against a 100 ms query update all along and abort nothing", async () => {
  const { clock, mount, publish, settle, queryClient } = setUp();
  const query = mount("hot", [a1]);
  await settle();
  const before = query.fetches.length;
  let updates = 0;
  closers.push(
    queryClient.getQueryCache().subscribe((event) => {
      if (event.type === "updated" && event.action.type === "success") updates += 1;
    }),
  );
  for (let signal = 0; signal < 50; signal += 1) {
    publish();
    await clock.advance(40);
  }
  await settle();
  expect(updates).toBeGreaterThanOrEqual(19);
  expect(query.fetches.length - before).toBeLessThanOrEqual(22);
  expect(query.aborted).toEqual([]);
});

test("K2 measured case 3: the last change is read even when it comes while a fetch is under way", async () => {
  const { clock, mount, publish, settle } = setUp();
  let database = "old";
  const query = mount("last", [a1], () => {
    const seen = database;
    return new Promise((resolve) => clock.after(100, () => resolve(seen)));
  });
  await settle();
  publish();
  await clock.advance(60);
  database = "new";
  publish();
  await settle();
  expect(query.data()).toBe("new");
});

test("an inactive query is marked while its channel is open, and read when it is mounted again", async () => {
  const { mount, publish, settle } = setUp();
  mount("keeps the channel", [a1]);
  const query = mount("list", [a1]);
  await settle();
  const before = query.fetches.length;
  query.unmount();
  publish();
  await settle();
  expect(query.fetches.length).toBe(before);
  expect(query.query()?.state.isInvalidated).toBe(true);
  query.remount();
  await settle();
  expect(query.fetches.length).toBe(before + 1);
});

test("a change while a query was away and its channel closed is found by the catch-up", async () => {
  const { clock, mount, publish, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  const before = query.fetches.length;
  query.unmount();
  await clock.advance(10_000);
  publish();
  query.remount();
  await settle();
  expect(query.fetches.length).toBe(before + 1);
});

test("an optimistic update does not pass for an answer of the server", async () => {
  const { clock, mount, publish, queryClient, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  publish();
  queryClient.setQueryData(["list"], "optimistic");
  await clock.advance(10);
  await settle();
  expect(query.data()).not.toBe("optimistic");
});

test("a fetch cancelled by somebody leaves the query marked", async () => {
  const { clock, mount, publish, queryClient, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  const before = query.fetches.length;
  publish();
  await clock.advance(70);
  await queryClient.cancelQueries({ queryKey: ["list"] });
  await settle();
  expect(query.fetches.length).toBe(before + 2);
});

test("S3.25 own signals wait until the mutation settles, then are answered", async () => {
  const { clock, mount, publish, queryClient, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  const before = query.fetches.length;
  const done = holdWhile(queryClient, ["list"], async () => {
    queryClient.setQueryData(["list"], "optimistic");
    await new Promise<void>((resolve) => clock.after(500, resolve));
  });
  publish();
  await clock.advance(400);
  expect(query.data()).toBe("optimistic");
  expect(query.fetches.length).toBe(before);
  await clock.advance(600);
  await done;
  expect(query.fetches.length).toBe(before + 1);
});

test("S3.25 when the mutation fails, holding ends as well and the server's state returns", async () => {
  const { clock, mount, publish, queryClient, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  const mutation = holdWhile(queryClient, ["list"], async () => {
    queryClient.setQueryData(["list"], "optimistic");
    publish();
    throw new Error("refused");
  });
  await expect(mutation).rejects.toThrow("refused");
  await clock.advance(500);
  expect(query.data()).not.toBe("optimistic");
});

test("holding twice needs releasing twice, releasing twice counts once, and nothing is held without a bridge", async () => {
  const { mount, publish, queryClient, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  const before = query.fetches.length;
  const [one, two] = [hold(queryClient, ["list"]), hold(queryClient, ["list"])];
  publish();
  one();
  one();
  await settle();
  expect(query.fetches.length).toBe(before);
  two();
  await settle();
  expect(query.fetches.length).toBe(before + 1);
  hold(new QueryClient(), ["list"])();
});

test("a hidden tab marks stale and reads once on return", async () => {
  const { environment, mount, publish, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  const before = query.fetches.length;
  environment.set({ visible: false });
  for (let signal = 0; signal < 20; signal += 1) {
    publish();
    await settle();
  }
  expect(query.fetches.length).toBe(before);
  expect(query.query()?.state.isInvalidated).toBe(true);
  environment.set({ visible: true });
  await settle();
  expect(query.fetches.length).toBe(before + 1);
});

test("a page out of the back/forward cache reads once what it missed: pageshow is heard as well", async () => {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const frame = new EventTarget();
  vi.stubGlobal("document", page);
  vi.stubGlobal("window", frame);
  const { mount, publish, settle } = setUp({ environment: browserEnvironment });
  const query = mount("list", [a1]);
  await settle();
  const before = query.fetches.length;
  page.visibilityState = "hidden";
  page.dispatchEvent(new Event("visibilitychange"));
  publish();
  await settle();
  expect(query.fetches.length).toBe(before);
  // A restored page is visible without having said so.
  page.visibilityState = "visible";
  frame.dispatchEvent(new Event("pageshow"));
  await settle();
  expect(query.fetches.length).toBe(before + 1);
});

test("a query that was prefetched and never looked at is not read for a signal, and not taken for fresh when it is mounted", async () => {
  const { mount, publish, queryClient, settle, clock } = setUp();
  mount("keeps the channel", [a1]);
  await settle();
  let reads = 0;
  const options = live(
    {
      queryKey: ["prefetched"],
      queryFn: async () => {
        reads += 1;
        return reads;
      },
    },
    [a1],
  );
  await queryClient.prefetchQuery(options);
  publish();
  await settle();
  expect(reads).toBe(1);
  closers.push(new QueryObserver(queryClient, options).subscribe(() => {}));
  await clock.advance(1_000);
  expect(reads).toBe(2);
});

test("a query nobody looks at in a hidden tab waits for both", async () => {
  const { environment, mount, publish, settle } = setUp();
  mount("keeps the channel", [a1]);
  const query = mount("list", [a1]);
  await settle();
  const before = query.fetches.length;
  query.unmount();
  environment.set({ visible: false });
  publish();
  await settle();
  environment.set({ visible: true });
  await settle();
  expect(query.fetches.length).toBe(before);
  query.remount();
  await settle();
  expect(query.fetches.length).toBe(before + 1);
});

test("F1 F2 after a gap what is looked at is read six at a time, by the priority its query declares", async () => {
  const { broker, route, clock, mount, settle } = setUp();
  let underWay = 0;
  let most = 0;
  const order: string[] = [];
  const readAs = (key: string) => () => {
    order.push(key);
    underWay += 1;
    most = Math.max(most, underWay);
    return new Promise((resolve) =>
      clock.after(100, () => {
        underWay -= 1;
        resolve(key);
      }),
    );
  };
  const queries = Array.from({ length: 12 }, (_, index) =>
    mount(`q${index}`, [a1], readAs(`q${index}`)),
  );
  const urgent = mount("urgent", [a1], readAs("urgent"), { priority: "high" });
  await settle();
  await settle();
  order.splice(0);
  most = 0;
  broker.stop();
  route.forget();
  broker.start();
  await settle();
  await settle();
  expect(most).toBe(6);
  expect(order.slice(0, 7)).toContain("urgent");
  expect(new Set(order).size).toBe(13);
  expect([...queries, urgent].every(({ fetches }) => fetches.length === 3)).toBe(true);
});

test("F5 after a gap a thousand tabs do not read in the same instant, and the window is the server's to widen", async () => {
  const readAtMs = async (random: number, spreadMs: number) => {
    const { broker, route, clock, mount, settle } = setUp({ random: () => random });
    const query = mount("list", [a1]);
    await settle();
    await settle();
    route.spread(spreadMs);
    broker.stop();
    route.forget();
    broker.start();
    const before = query.fetches.length;
    const startMs = clock.now();
    await clock.advance(60_000);
    expect(query.fetches.length).toBe(before + 1);
    return (query.fetches.at(-1) ?? 0) - startMs;
  };
  const narrow = [await readAtMs(0.1, 0), await readAtMs(0.9, 0)];
  const wide = [await readAtMs(0.1, 20_000), await readAtMs(0.9, 20_000)];
  const width = ([first = 0, last = 0]: readonly number[]) => last - first;
  expect(width(narrow)).toBeGreaterThanOrEqual(800);
  expect(width(wide)).toBeGreaterThan(width(narrow) + 3_000);
});

test("signals, the fetches they cost and the refetches avoided are counted", async () => {
  const { bridge, clock, mount, publish, settle } = setUp();
  mount("one", [a1]);
  mount("two", [a1]);
  await settle();
  expect(bridge.counts()).toEqual({ signals: 0, fetches: 0, avoided: 0 });
  for (let count = 0; count < 10; count += 1) publish();
  await clock.advance(1_000);
  expect(bridge.counts()).toEqual({ signals: 20, fetches: 2, avoided: 18 });
});

test("the trace tells each step from a signal to a fetch, and what kept a query from being read", async () => {
  const trace: TraceEvent[] = [];
  const { environment, mount, publish, queryClient, settle, broker, route } = setUp({
    onTrace: (event) => trace.push(event),
  });
  const query = mount("list", [a1]);
  await settle();
  trace.splice(0);
  const told = () => trace.splice(0);
  const list = '["list"]';
  const signal = (id: string) =>
    ({ channel: a1.name, name: "comment.created", id, origin: undefined }) as const;
  const cause = (id: string) => ({ type: "signal", signal: signal(id) }) as const;

  publish();
  await settle();
  expect(told()).toEqual([
    { type: "signal", signal: signal("s1") },
    { type: "stale", query: list, cause: cause("s1") },
    { type: "fetch", query: list, causes: [cause("s1")] },
    { type: "settled", query: list, outcome: "success" },
  ]);

  broker.publish(route.wireName(a1.name), { ...signal("s1"), ids: undefined });
  expect(told()).toEqual([{ type: "duplicate", signal: signal("s1") }]);

  environment.set({ visible: false });
  publish();
  publish();
  environment.set({ visible: true });
  await settle();
  expect(told()).toEqual([
    { type: "signal", signal: signal("s2") },
    { type: "stale", query: list, cause: cause("s2") },
    { type: "postponed", query: list, because: "hidden" },
    { type: "signal", signal: signal("s3") },
    { type: "stale", query: list, cause: cause("s3") },
    { type: "postponed", query: list, because: "hidden" },
    { type: "fetch", query: list, causes: [cause("s2"), cause("s3")] },
    { type: "settled", query: list, outcome: "success" },
  ]);

  const release = hold(queryClient, ["list"]);
  publish();
  release();
  await settle();
  expect(told()[2]).toEqual({ type: "postponed", query: list, because: "held" });

  void query.observer.refetch();
  await settle();
  expect(told()[0]).toEqual({ type: "fetch", query: list, causes: [] });

  broker.stop();
  route.forget();
  broker.start();
  await settle();
  expect(told().map(({ type }) => type)).toEqual(["gap", "stale", "fetch", "settled"]);

  route.deny(a1.name);
  broker.send(route.wireName(a1.name), "querycast.moved", "{}");
  await settle();
  expect(told().map(({ type }) => type)).toEqual(
    expect.arrayContaining(["revoked", "purged", "fetch"]),
  );
});

test("an infinite query reads all its loaded pages again; loading one more answers no signal", async () => {
  const { clock, publish, queryClient, settle } = setUp();
  const pages: number[] = [];
  const observer = new InfiniteQueryObserver(
    queryClient,
    live(
      {
        queryKey: ["feed"],
        queryFn: ({ pageParam }: { pageParam: number }) => {
          pages.push(pageParam);
          return new Promise<number>((resolve) => clock.after(50, () => resolve(pageParam)));
        },
        initialPageParam: 0,
        getNextPageParam: (last: number) => last + 1,
      },
      [a1],
    ),
  );
  closers.push(observer.subscribe(() => {}));
  await settle();
  void observer.fetchNextPage();
  await settle();
  pages.splice(0);
  publish();
  await clock.advance(10);
  void observer.fetchNextPage();
  await settle();
  expect(pages).toEqual([2, 0, 1, 2]);
});

test("K6 while live delivery is down, mounted queries are polled, and no longer when it is back", async () => {
  const { broker, clock, mount, settle } = setUp();
  const query = mount("list", [a1]);
  const unbound = mount("free", []);
  await settle();
  const before = query.fetches.length;
  broker.stop();
  await clock.advance(95_000);
  expect(query.fetches.length).toBe(before + 3);
  expect(unbound.fetches.length).toBe(1);
  broker.start();
  await clock.advance(20_000);
  const after = query.fetches.length;
  await clock.advance(300_000);
  expect(query.fetches.length).toBe(after);
});

test("a query that is refused does not storm while polling goes on", async () => {
  const { broker, clock, mount, publish, settle } = setUp();
  const query = mount("list", [a1], () => Promise.reject(new Error("401")));
  await settle();
  const before = query.fetches.length;
  for (let second = 0; second < 60; second += 1) {
    publish();
    await clock.advance(1_000);
  }
  broker.stop();
  await clock.advance(240_000);
  expect(query.fetches.length - before).toBeLessThan(25);
});

test("a query whose channel changes leaves the old one", async () => {
  const { broker, clock, mount, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  query.observer.setOptions({ ...query.observer.options, ...live(query.options, [a2]) });
  await settle();
  await clock.advance(5_000);
  expect([...broker.sockets][0]?.subscriptions).toEqual(new Set(["private-article.a2.e0"]));
});

test("a disabled query keeps no channel open", async () => {
  const { broker, mount, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  query.observer.setOptions({ ...query.observer.options, enabled: false });
  await settle();
  await settle();
  await settle();
  await settle();
  expect(broker.sockets.size).toBe(0);
});

test("detaching leaves no timer and no channel, and attaching again works", async () => {
  const { bridge, broker, clock, client, detach, mount, publish, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  publish();
  detach();
  await clock.advance(3_000);
  expect(broker.sockets.size).toBe(0);
  expect(clock.pending()).toBe(0);
  const again = bridge.attach();
  await settle();
  expect(client.getState().status).toBe("live");
  expect(query.fetches.length).toBeGreaterThan(0);
  again();
});

test("V3 when a right ends, what was read with it leaves the cache, looked at or not", async () => {
  const { broker, route, mount, queryClient, settle } = setUp();
  let isReadable = true;
  const read = async () => {
    if (!isReadable) throw new Error("forbidden");
    return "secret";
  };
  const [seen, unseen, other] = [
    mount("seen", [a1], read),
    mount("unseen", [a1], read),
    mount("other", [a2], read),
  ];
  await settle();
  unseen.unmount();
  isReadable = false;
  route.deny(a1.name);
  broker.send(route.wireName(a1.name), "querycast.moved", "{}");
  await settle();
  expect(seen.observer.getCurrentResult()).toMatchObject({ status: "error", data: undefined });
  expect(unseen.query()).toBeUndefined();
  expect(other.data()).toBe("secret");
  const reads = seen.fetches.length;
  await settle();
  expect(seen.fetches).toHaveLength(reads);
  expect(
    JSON.stringify(
      queryClient
        .getQueryCache()
        .getAll()
        .map((query) => query.state.data),
    ),
  ).toBe('[null,"secret"]');
});

test("V3 a read that began before the right ended does not bring the data back", async () => {
  const { broker, route, mount, publish, settle, clock } = setUp();
  const query = mount("seen", [a1], (n) =>
    n < 3
      ? new Promise((resolve) => clock.after(1_500, () => resolve("secret")))
      : Promise.reject(new Error("forbidden")),
  );
  await clock.advance(4_000);
  publish(a1);
  await clock.advance(200);
  route.deny(a1.name);
  broker.send(route.wireName(a1.name), "querycast.moved", "{}");
  await settle();
  await clock.advance(4_000);
  expect(query.observer.getCurrentResult()).toMatchObject({ status: "error", data: undefined });
});
