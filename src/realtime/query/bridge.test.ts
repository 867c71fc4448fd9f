import { InfiniteQueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test } from "vitest";
import { a1, a2, setUp } from "../../../tests/support/rigs/bridge-rig.ts";
import { on } from "../protocol/signal.ts";
import { live } from "./binding/live.ts";

test("S3.10 a signal makes the queries of its channel fetch, and no query of another resource", async () => {
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

test("S3.23 a burst of 10, 100 or 1,000 signals costs one read when they arrive at once, at most one per 100 ms and one more when they take a second, and the last read begins after the last signal", async () => {
  const readsOf = async (count: number, burstMs: number) => {
    const { clock, mount, publish, settle } = setUp();
    const query = mount("q", [a1]);
    await settle();
    const before = query.fetches.length;
    let lastMs = clock.now();
    for (let index = 0; index < count; index += 1) {
      if (index > 0) await clock.advance(burstMs / count);
      publish();
      lastMs = clock.now();
    }
    await settle();
    expect(query.fetches.at(-1)).toBeGreaterThanOrEqual(lastMs);
    return query.fetches.length - before;
  };
  for (const count of [10, 100, 1_000]) {
    expect(await readsOf(count, 0), `${count} at once`).toBe(1);
    const spread = await readsOf(count, 1_000);
    expect(spread, `${count} in a second`).toBeGreaterThan(1);
    expect(spread, `${count} in a second`).toBeLessThanOrEqual(11);
  }
});

test("a binding made with on() gets only its signals, and every signal of an unknown name", async () => {
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
  const { mount, settle, broker, route } = setUp();
  const queries = [
    mount("list", [a1]),
    mount("count", [a1]),
    mount("both", [a1, a2]),
    mount("other", [a2]),
    mount("free", []),
  ];
  await settle();
  const before = queries.map(({ fetches }) => fetches.length);
  broker.stop();
  route.forget(a1.name);
  broker.start();
  await settle();
  const after = queries.map(({ fetches }) => fetches.length);
  expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 1, 1, 0, 0]);
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
  onTestFinished(
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

test("K2 measured case 3: a last change during a fetch is followed by another fetch", async () => {
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

test("a fetch that the application cancels leaves the query marked", async () => {
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

test("an infinite query fetches all its loaded pages after a signal, also when one more page is being loaded", async () => {
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
  onTestFinished(observer.subscribe(() => {}));
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
