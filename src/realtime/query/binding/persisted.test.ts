import { experimental_createQueryPersister as createQueryPersister } from "@tanstack/query-persist-client-core";
import { hydrate, QueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test, vi } from "vitest";
import { a1, setUp } from "../../../../tests/support/rigs/bridge-rig.ts";
import { epochChangedEvent } from "../../protocol/epoch-changed.ts";
import { live } from "./live.ts";

const secret = "what only members read";

/** A page with persisted queries, and a channel that can be denied. */
async function openPage() {
  const rig = setUp();
  const storage = new Map<string, string>();
  const { persisterFn } = createQueryPersister({
    storage: {
      getItem: async (key) => storage.get(key),
      setItem: async (key, value) => void storage.set(key, value),
      removeItem: async (key) => void storage.delete(key),
    },
  });
  const site = { isReadable: true, reads: 0 };
  const options = live(
    {
      queryKey: ["secret"],
      persister: persisterFn as never,
      queryFn: async () => {
        site.reads += 1;
        if (!site.isReadable) throw new Error("not found");
        return secret;
      },
    },
    [a1],
  );
  const observer = new QueryObserver(rig.queryClient, options);
  const shown: unknown[] = [];
  let stop = observer.subscribe(({ data }) => shown.push(data));
  onTestFinished(() => stop());
  await rig.settle();
  await vi.waitFor(() => expect([...storage.values()].join()).toContain(secret));
  return {
    ...rig,
    site,
    storage,
    options,
    observer,
    shown,
    stop: () => stop(),
    mount: () => {
      stop = observer.subscribe(({ data }) => shown.push(data));
    },
    revoke: async () => {
      site.isReadable = false;
      rig.route.deny(a1.name);
      const wireName = rig.route.wireName(a1.name);
      rig.route.raiseEpoch(a1.name);
      shown.splice(0);
      rig.broker.send(wireName, epochChangedEvent, "{}");
      await rig.clock.advance(5_000);
      await vi.waitFor(() => expect([...storage.values()].join()).not.toContain(secret));
      await rig.clock.advance(5_000);
    },
  };
}

test("U9 V3 a revocation removes the stored copy of a mounted query, and it is not restored", async () => {
  const { observer, options, queryClient, revoke, shown, site } = await openPage();
  await revoke();
  expect(observer.getCurrentResult().data).toBeUndefined();
  expect(shown).not.toContain(secret);
  expect(site.reads).toBeGreaterThan(1);
  // Also not in a page that is opened later.
  queryClient.removeQueries({ queryKey: ["secret"] });
  const later = new QueryObserver(queryClient, options);
  onTestFinished(later.subscribe(({ data }) => shown.push(data)));
  await vi.waitFor(() => expect(later.getCurrentResult().status).toBe("error"));
  expect(shown).not.toContain(secret);
});

test("U9 V3 a revocation removes the stored copy of a query that no component shows", async () => {
  const { mount, stop, revoke, queryClient, clock } = await openPage();
  const keeper = setUpKeeper(queryClient);
  await clock.advance(1_000);
  stop();
  await revoke();
  mount();
  await clock.advance(5_000);
  expect(queryClient.getQueryData(["secret"])).toBeUndefined();
  keeper();
});

function setUpKeeper(queryClient: ConstructorParameters<typeof QueryObserver>[0]) {
  const options = live({ queryKey: ["keeper"], queryFn: async () => 1 }, [a1]);
  return new QueryObserver(queryClient, options).subscribe(() => {});
}

test("U9 V3 revoked data that is restored later is removed again", async () => {
  const { clock, observer, queryClient, revoke } = await openPage();
  await revoke();
  const dataUpdatedAt = Date.now() + 60_000;
  hydrate(queryClient, {
    queries: [
      {
        queryKey: ["secret"],
        queryHash: '["secret"]',
        state: { ...observer.getCurrentQuery().state, data: secret, dataUpdatedAt },
      } as never,
    ],
  });
  await clock.advance(5_000);
  expect(observer.getCurrentResult().data).toBeUndefined();
});

test("U9 a query that can be read again is stored again", async () => {
  const { clock, observer, queryClient, revoke, site, storage } = await openPage();
  await revoke();
  site.isReadable = true;
  await queryClient.refetchQueries({ queryKey: ["secret"] });
  await clock.advance(1_000);
  expect(observer.getCurrentResult().data).toBe(secret);
  await queryClient.refetchQueries({ queryKey: ["secret"] });
  await clock.advance(100);
  await vi.waitFor(() => expect([...storage.values()].join()).toContain(secret));
});
