import { dehydrate, hydrate, QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test } from "vitest";
import { a1, setUp } from "../../../../tests/support/rigs/bridge-rig.ts";
import { handOver } from "./hand-over.ts";
import { live } from "./live.ts";

/** State of a server that did not wait for its read: the page has the promise of the data. */
function dehydratedWhilePending(read: () => Promise<unknown>) {
  const server = new QueryClient();
  const query = live({ queryKey: ["list"], queryFn: read }, [a1]);
  void server.prefetchQuery(query);
  return dehydrate(server, { shouldDehydrateQuery: () => true });
}

/** A page with a query that keeps the channel joined, and a site with one list. */
async function openPage() {
  const rig = setUp();
  rig.mount("keeper", [a1]);
  await rig.settle();
  const site = { written: 1, reads: 0 };
  const write = () => {
    site.written += 1;
    rig.publish();
  };
  const queryFn = async () => {
    site.reads += 1;
    return site.written;
  };
  const watch = () => {
    const observer = new QueryObserver(
      rig.queryClient,
      live({ queryKey: ["list"], queryFn }, [a1]),
    );
    onTestFinished(observer.subscribe(() => {}));
    return () => observer.getCurrentResult().data;
  };
  return { ...rig, site, write, watch };
}

test("U8 data that a server reads while the page hydrates is fetched again if its channel is already joined", async () => {
  const { queryClient, settle, site, watch, write } = await openPage();
  let answer = (_data: unknown) => {};
  const old = site.written;
  const state = dehydratedWhilePending(() => new Promise((resolve) => (answer = resolve)));
  write();
  await settle();
  hydrate(queryClient, state);
  const data = watch();
  answer(old);
  await settle();
  expect(data()).toBe(2);
});

test("U8 data that a server reads while the page hydrates is fetched once if its channel is already joined", async () => {
  const { bridge, clock, queryClient, settle, site, watch } = await openPage();
  hydrate(
    queryClient,
    dehydratedWhilePending(async () => 1),
  );
  watch();
  await settle();
  expect(site.reads).toBe(1);
  await clock.advance(60_000);
  expect(site.reads).toBe(1);
  expect(bridge.liveState('["list"]').status).toBe("live");
});

test("K9 data that a server reads while the page hydrates is not fetched again if it comes with a cursor", async () => {
  const { client, clock, queryClient, route } = setUp();
  const state = dehydratedWhilePending(async () => 1);
  for (const query of state.queries) {
    query.meta = { ...query.meta, "querycast.cursors": { [a1.name]: "0/0" } };
  }
  handOver(client, queryClient, state);
  hydrate(queryClient, state);
  let reads = 0;
  const queryFn = async () => {
    reads += 1;
    return 2;
  };
  const observer = new QueryObserver(queryClient, live({ queryKey: ["list"], queryFn }, [a1]));
  onTestFinished(observer.subscribe(() => {}));
  await clock.advance(1_000);
  expect(route.of("catch-up")).toHaveLength(1);
  expect([reads, observer.getCurrentResult().data]).toEqual([0, 1]);
});
