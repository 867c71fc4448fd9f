import { InfiniteQueryObserver, QueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test } from "vitest";
import { a1, setUp } from "../../../../tests/support/rigs/bridge-rig.ts";
import { countArrivals, firstPage } from "../pages.ts";
import { live } from "./live.ts";

const hashBigInt = (key: readonly unknown[]) =>
  JSON.stringify(key, (_, value) => (typeof value === "bigint" ? `${value}n` : value));
const id = 9_007_199_254_740_993n;

/** A page that also has a query with the default hash function, which cannot hash a bigint. */
function openPage() {
  const rig = setUp();
  rig.mount("plain", []);
  const site = { rows: [3, 2, 1] };
  const watch = (key: unknown, given: object) => {
    const observer = new InfiniteQueryObserver(
      rig.queryClient,
      live(
        {
          queryKey: ["feed", key],
          queryKeyHashFn: hashBigInt,
          initialPageParam: 0,
          queryFn: async () => ({ rows: site.rows }),
          getNextPageParam: () => undefined,
        },
        [a1],
        given,
      ) as never,
    );
    onTestFinished(observer.subscribe(() => {}));
    return observer;
  };
  return { ...rig, site, watch };
}

test("U11 firstPage works for a query with a bigint in its key and its own hash function", async () => {
  const { publish, settle, site, watch } = openPage();
  const pages = firstPage<{ rows: readonly number[] }, number>({
    rows: (page) => page.rows,
    rowKey: (row) => row,
    withRows: (_, rows) => ({ rows }),
  });
  const feed = watch(id, { pages });
  await settle();
  site.rows = [4, 3, 2, 1];
  publish();
  await settle();
  expect(feed.getCurrentResult()).toMatchObject({
    status: "success",
    data: { pages: [{ rows: [4, 3, 2, 1] }] },
  });
});

test("U11 arrivals and states are found by the hash of the query, and by the default hash of its key", async () => {
  const { bridge, publish, queryClient, settle, watch } = openPage();
  const feed = watch(7, { pages: countArrivals() });
  await settle();
  publish();
  const own = feed.getCurrentQuery().queryHash;
  const { queryHash } = queryClient.defaultQueryOptions({ queryKey: ["feed", 7] });
  for (const hash of [own, queryHash]) {
    expect(bridge.arrivals.get(hash).count).toBe(1);
    expect(bridge.liveState(hash).status).toBe("live");
  }
  bridge.arrivals.show(queryHash);
  await settle();
  expect(bridge.arrivals.get(own).count).toBe(0);
});

test("U11 an unknown hash is unbound, also when the cache has a key that cannot be hashed", async () => {
  const { bridge, queryClient, settle } = openPage();
  const options = { queryKey: ["big", id], queryKeyHashFn: hashBigInt, queryFn: async () => 1 };
  onTestFinished(new QueryObserver(queryClient, live(options, [a1])).subscribe(() => {}));
  await settle();
  expect(bridge.liveState("nothing")).toEqual({ status: "unbound", lastReadAtMs: undefined });
});
