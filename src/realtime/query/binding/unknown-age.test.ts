import { experimental_createQueryPersister as createQueryPersister } from "@tanstack/query-persist-client-core";
import { dehydrate, hydrate, QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test } from "vitest";
import { a1, a2, setUp } from "../../../../tests/support/rigs/bridge-rig.ts";
import { on } from "../../protocol/signal.ts";
import { live } from "./live.ts";

/** A page with a query that keeps the channel joined, and a second query on it. */
async function openPage() {
  const rig = setUp();
  const keeper = rig.mount("keeper", [a1]);
  await rig.settle();
  const site = { written: 1, reads: 0 };
  const queryFn = async () => {
    site.reads += 1;
    return site.written;
  };
  const write = () => {
    site.written += 1;
    rig.publish();
  };
  const watch = (options: object) => {
    const observer = new QueryObserver(rig.queryClient, {
      queryKey: ["list"],
      queryFn,
      ...options,
    } as never);
    const stop = observer.subscribe(() => {});
    onTestFinished(stop);
    return { observer, stop, data: () => observer.getCurrentResult().data };
  };
  const bound = live({ queryKey: ["list"], queryFn }, [a1]);
  return { ...rig, keeper, site, write, watch, bound };
}

/** Dehydrated state of another page, without cursors. */
async function dehydrated(data: unknown, dataUpdatedAt = Date.now()) {
  const other = new QueryClient();
  other.setQueryData(["list"], data, { updatedAt: dataUpdatedAt });
  return dehydrate(other);
}

type Page = Awaited<ReturnType<typeof openPage>>;

/** The ways in which a query gets data without a fetch that began while it was bound. */
const ways: Record<string, (page: Page) => Promise<{ data(): unknown }> | { data(): unknown }> = {
  initialData: ({ watch, bound }) => watch({ ...bound, initialData: 0 }),
  "setQueryData before it is used": ({ queryClient, watch, bound }) => {
    queryClient.setQueryData(["list"], 0);
    return watch(bound);
  },
  "a plain hydration before it is used": async ({ queryClient, watch, bound }) => {
    hydrate(queryClient, await dehydrated(0));
    return watch(bound);
  },
  "a late restore over data of its own": async ({ queryClient, watch, bound, settle }) => {
    const shown = watch(bound);
    await settle();
    hydrate(queryClient, await dehydrated(0, Date.now() + 60_000));
    expect(shown.data()).toBe(0);
    return shown;
  },
  "a late restore while it is read": async ({ queryClient, watch, bound, clock }) => {
    const slow = new Promise<never>(() => {});
    const shown = watch({ ...bound, queryFn: () => slow });
    hydrate(queryClient, await dehydrated(0, Date.now() + 60_000));
    await queryClient.cancelQueries({ queryKey: ["list"] });
    shown.observer.setOptions({ ...shown.observer.options, ...bound } as never);
    await clock.advance(1);
    return shown;
  },
  "a persister that restores": ({ watch, bound }) => {
    const { persisterFn } = storedBefore(0);
    return watch({ ...bound, persister: persisterFn });
  },
  "a persister of the application's": ({ watch, bound, site }) => {
    const persister = async (
      read: (context: unknown) => unknown,
      context: unknown,
      query: never,
    ) => ((query as { state: { data: unknown } }).state.data === undefined ? 0 : read(context));
    expect(site.reads).toBe(0);
    return watch({ ...bound, persister });
  },
  "a read before it was bound": async ({ watch, bound, settle, write }) => {
    const shown = watch({});
    await settle();
    write();
    await settle();
    expect(shown.data()).toBe(1);
    shown.observer.setOptions({ ...shown.observer.options, ...bound } as never);
    return shown;
  },
  "a binding to another channel": async ({ watch, bound, settle, write }) => {
    const shown = watch(live(bound, [a2]));
    await settle();
    write();
    await settle();
    shown.observer.setOptions({ ...shown.observer.options, ...bound } as never);
    return shown;
  },
  "a binding that gets more signals": async ({ watch, bound, settle, write }) => {
    const shown = watch(live(bound, [on(a1, "reaction.changed")]));
    await settle();
    write();
    await settle();
    shown.observer.setOptions({ ...shown.observer.options, ...bound } as never);
    return shown;
  },
  "a fetch that began before it was bound": async ({ watch, bound, write, clock, site }) => {
    const slow = async () => {
      const seen = site.written;
      await new Promise<void>((resolve) => clock.after(500, resolve));
      return seen;
    };
    const shown = watch({ queryFn: slow });
    write();
    shown.observer.setOptions({ ...shown.observer.options, ...bound, queryFn: slow } as never);
    return shown;
  },
};

/** A persister whose storage already has the list. */
function storedBefore(data: unknown) {
  const state = { data, dataUpdatedAt: Date.now() - 60_000, errorUpdatedAt: 0, status: "success" };
  const stored = { state, queryKey: ["list"], queryHash: '["list"]', buster: "" };
  const storage = new Map([['tanstack-query-["list"]', JSON.stringify(stored)]]);
  return createQueryPersister({
    storage: {
      getItem: (key) => storage.get(key),
      setItem: (key, value) => void storage.set(key, value),
      removeItem: (key) => void storage.delete(key),
    },
  });
}

for (const [way, join] of Object.entries(ways)) {
  test(`U8 data that comes by ${way} is fetched again if its channel is already joined`, async () => {
    const page = await openPage();
    const shown = await join(page);
    // TanStack's persister uses real timers.
    await new Promise((resolve) => setTimeout(resolve, 0));
    await page.settle();
    expect(shown.data()).toBe(page.site.written);
    const { reads } = page.site;
    await page.clock.advance(60_000);
    expect(page.site.reads).toBe(reads);
    expect(page.bridge.liveState('["list"]').status).toBe("live");
  });
}

test("U8 a query with data of unknown age is catching up, not live, until it was fetched", async () => {
  const { bridge, settle, watch, bound } = await openPage();
  watch({ ...bound, initialData: 0 });
  expect(bridge.liveState('["list"]').status).toBe("catching-up");
  await settle();
  expect(bridge.liveState('["list"]').status).toBe("live");
});

test("U8 a query fetched while it was bound is not fetched when it is mounted again", async () => {
  const { settle, watch, bound, site } = await openPage();
  const shown = watch(bound);
  await settle();
  shown.stop();
  watch(bound);
  await settle();
  expect(site.reads).toBe(1);
});

test("U8 data with a cursor is fetched if a signal has arrived on its channel since", async () => {
  const { bridge, clock, client, publish, queryClient, settle, mount, detach } = setUp();
  detach();
  const stop = bridge.attach();
  onTestFinished(stop);
  client.startFrom(a1.name, "0/0");
  const keeper = mount("keeper", [a1]);
  await settle();
  publish();
  await clock.advance(1_000);
  expect(keeper.fetches.length).toBeGreaterThan(1);
  const { handOver } = await import("./hand-over.ts");
  const server = new QueryClient();
  const options = live({ queryKey: ["list"], queryFn: async () => "old" }, [a1]);
  await server.prefetchQuery({
    ...options,
    meta: { ...(options as { meta?: object }).meta, "querycast.cursors": { [a1.name]: "0/0" } },
  });
  const state = dehydrate(server);
  handOver(client, queryClient, state);
  hydrate(queryClient, state);
  const observer = new QueryObserver(queryClient, { ...options, queryFn: async () => "new" });
  onTestFinished(observer.subscribe(() => {}));
  await settle();
  expect(observer.getCurrentResult().data).toBe("new");
});

for (const awayMs of [100, 10_000]) {
  test(`U7 queries with signals while the bridge is detached, for ${awayMs} ms, are fetched when it is attached again, and no others`, async () => {
    const { bridge, clock, detach, mount, publish, settle } = setUp();
    const one = mount("one", [a1]);
    const two = mount("two", [a2]);
    await settle();
    detach();
    publish(a1);
    await clock.advance(awayMs);
    onTestFinished(bridge.attach());
    await settle();
    await settle();
    expect([one.fetches.length, two.fetches.length]).toEqual([3, 2]);
  });
}

test("U7 a fetch that was pending when the bridge was detached is made when it is attached again", async () => {
  const { bridge, clock, detach, mount, publish, settle } = setUp();
  const list = mount("list", [a1]);
  await settle();
  publish();
  await clock.advance(50);
  publish();
  detach();
  await settle();
  const before = list.fetches.length;
  onTestFinished(bridge.attach());
  await settle();
  expect(list.fetches.length).toBe(before + 1);
});
