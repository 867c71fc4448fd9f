import { MutationObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { a1 } from "../../../../tests/support/rigs/bridge-rig.ts";
import { openTab } from "../../../../tests/support/rigs/mutation-rig.ts";
import { publishedOrigin } from "../../protocol/origin.ts";
import { settlePromises } from "../../testing/fakes/fake-clock.ts";
import { liveMutation } from "./live-mutation.ts";

test("O1 the writing tab fetches once, whether its signals arrive before the server's answer or later", async () => {
  for (const when of ["before the answer", "before the read", "during the read", "after it"]) {
    const { server, clock, mount, begin, append, publish, settle } = openTab();
    const list = mount("list");
    await settle();
    const { reads } = list.counter;
    const mutation = await begin(append);
    server.list = ["old", "new"];
    if (when === "before the answer") publish(mutation.origin);
    mutation.ok();
    await clock.advance(10);
    if (when === "before the read") publish(mutation.origin);
    await clock.advance(40);
    if (when === "during the read") publish(mutation.origin);
    await settle();
    if (when === "after it") publish(mutation.origin);
    await settle();
    expect([when, list.counter.reads - reads, list.shown()]).toEqual([when, 1, ["old", "new"]]);
  }
});

test("O1 a query without an optimistic change is also fetched once", async () => {
  const { server, mount, begin, append, publish, settle } = openTab();
  const list = mount("list");
  const other = mount("other");
  await settle();
  const [before, otherBefore] = [list.counter.reads, other.counter.reads];
  const mutation = await begin(append);
  server.list = ["old", "new"];
  publish(mutation.origin);
  await settle();
  expect([list.counter.reads, other.counter.reads]).toEqual([before, otherBefore]);
  mutation.ok();
  await settle();
  expect([list.counter.reads, other.counter.reads]).toEqual([before + 1, otherBefore + 1]);
  expect(other.shown()).toEqual(["old", "new"]);
});

test("a page without crypto.subtle, loaded over plain http, shows the same and reads at most once more", async () => {
  for (const when of ["before the answer", "before the read", "during the read", "after it"]) {
    const { server, clock, mount, begin, append, publish, settle } = openTab();
    const list = mount("list");
    await settle();
    const { reads } = list.counter;
    const { subtle } = crypto;
    const getRandomValues = crypto.getRandomValues.bind(crypto);
    // Only the server can hash: the first use is the page's, the next one is the test's in its place.
    const digests = [undefined, subtle];
    vi.stubGlobal("crypto", {
      getRandomValues,
      get subtle() {
        return digests.shift();
      },
    });
    const mutation = await begin(append).finally(() => vi.unstubAllGlobals());
    expect([digests, list.shown()]).toEqual([[], ["old", "new"]]);
    server.list = ["old", "new"];
    if (when === "before the answer") publish(mutation.origin);
    mutation.ok();
    await clock.advance(10);
    if (when === "before the read") publish(mutation.origin);
    await clock.advance(40);
    if (when === "during the read") publish(mutation.origin);
    await settle();
    if (when === "after it") publish(mutation.origin);
    await settle();
    expect([when, list.shown()]).toEqual([when, ["old", "new"]]);
    expect([1, 2], when).toContain(list.counter.reads - reads);
  }
});

test("O1 an own signal is not dropped because of a fetch that failed", async () => {
  const { server, clock, mount, begin, append, publish, settle } = openTab();
  const list = mount("list");
  await settle();
  const mutation = await begin(append);
  server.list = ["old", "new", "and what a trigger added"];
  list.counter.failsNext = true;
  mutation.ok();
  await clock.advance(50);
  publish(mutation.origin);
  await clock.advance(5_000);
  expect(list.shown()).toEqual(server.list);
});

test("O1 a query that the application also invalidates when the mutation settles is fetched once", async () => {
  const { queryClient, server, mount, begin, append, publish, settle } = openTab();
  const list = mount("list");
  await settle();
  const { reads } = list.counter;
  const mutation = await begin(append, {
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["list"] }),
  });
  server.list = ["old", "new"];
  mutation.ok();
  await settle();
  publish(mutation.origin);
  await settle();
  expect(list.counter.reads).toBe(reads + 1);
});

test("O2 no older data replaces an optimistic change while the mutation runs, also after signals of others", async () => {
  const { server, clock, mount, begin, append, publish, settle } = openTab();
  const list = mount("list");
  await settle();
  publish();
  await clock.advance(50); // a fetch is running that began before the mutation
  const mutation = await begin(append);
  publish();
  await clock.advance(5_000);
  expect(list.shown()).toEqual(["old", "new"]);
  server.list = ["old", "theirs", "new"];
  mutation.ok();
  await settle();
  expect(list.shown()).toEqual(["old", "theirs", "new"]);
});

test("O2 signals of others make queries without an optimistic change fetch at once", async () => {
  const { mount, begin, append, publish, settle } = openTab();
  mount("list");
  const other = mount("other");
  await settle();
  const { reads } = other.counter;
  await begin(append);
  publish("somebody-elses-origin");
  await settle();
  expect(other.counter.reads).toBe(reads + 1);
});

test("O3 a failed mutation is undone, and the held signals are applied", async () => {
  const { server, clock, mount, begin, append, publish, settle } = openTab();
  const list = mount("list");
  const other = mount("other");
  await settle();
  const { reads } = other.counter;
  const mutation = await begin(append);
  publish(mutation.origin); // committed, but the answer was lost
  server.list = ["old", "new"];
  mutation.fail();
  await clock.advance(10);
  expect(list.shown()).toEqual(["old"]);
  await settle();
  expect(list.shown()).toEqual(["old", "new"]);
  expect(other.counter.reads).toBe(reads + 1);
});

test("O3 of two mutations only the failed one is undone, in either order", async () => {
  for (const failing of [0, 1]) {
    const { clock, mount, begin, append, settle } = openTab();
    const list = mount("list");
    await settle();
    const both = [await begin(append, {}, "first"), await begin(append, {}, "second")];
    both[failing]?.fail();
    await clock.advance(10);
    expect(list.shown()).toEqual(["old", failing === 0 ? "second" : "first"]);
    both[1 - failing]?.ok();
    await clock.advance(10);
    expect(list.shown()).toEqual(["old", failing === 0 ? "second" : "first"]);
  }
});

test("O3 undo does not change data that the application set since", async () => {
  const { queryClient, clock, mount, begin, append, settle } = openTab();
  const list = mount("list");
  await settle();
  const mutation = await begin(append);
  queryClient.setQueryData(["list"], ["put there by hand"]);
  mutation.fail();
  await clock.advance(10);
  expect(list.shown()).toEqual(["put there by hand"]);
});

test("O4 a writer that reuses a published origin cannot make this tab drop the signal", async () => {
  const { server, mount, begin, append, publish, settle } = openTab();
  const list = mount("list");
  await settle();
  const mutation = await begin(append);
  mutation.ok();
  await settle();
  const { reads } = list.counter;
  // Another writer sends the published origin as its own. The server hashes it again.
  server.list = ["changed by them"];
  publish(await publishedOrigin(mutation.origin));
  await settle();
  expect(list.counter.reads).toBe(reads + 1);
  expect(list.shown()).toEqual(["changed by them"]);
  expect(mutation.origin).not.toBe(mutation.sent);
});

test("O5 the last 50 own mutations are remembered for 2 minutes", async () => {
  const { clock, server, mount, begin, append, publish, settle } = openTab();
  const list = mount("list");
  await settle();
  const first = await begin(append);
  first.ok();
  await settle();
  const readBy = async (origin: string) => {
    const before = list.counter.reads;
    server.list = [...server.list];
    publish(origin);
    await settle();
    return list.counter.reads - before;
  };
  expect(await readBy(first.origin)).toBe(0);
  await clock.advance(2 * 60_000);
  expect(await readBy(first.origin)).toBe(1);
  const second = await begin(append);
  second.ok();
  await settle();
  for (let count = 0; count < 50; count += 1) {
    const another = await begin();
    another.ok();
    await settlePromises();
  }
  expect(await readBy(second.origin)).toBe(1);
});

test("a retry of a mutation has the same origin", async () => {
  const { queryClient } = openTab();
  const origins: string[] = [];
  const mutation = new MutationObserver(
    queryClient,
    liveMutation<void, Error, void>({
      retry: 1,
      retryDelay: 0,
      mutationFn: async (_, { origin }) => {
        origins.push(origin);
        if (origins.length === 1) throw new Error("lost");
      },
    }),
  );
  await mutation.mutate();
  expect(origins).toHaveLength(2);
  expect(new Set(origins).size).toBe(1);
  await mutation.mutate();
  expect(new Set(origins).size).toBe(2);
});

test("without a provider an optimistic change is shown and undone, and its query is invalidated", async () => {
  const { clock, server, mount, begin, append } = openTab({ hasBridge: false });
  const list = mount("list");
  await clock.advance(1_000);
  const { reads } = list.counter;
  const mutation = await begin(append);
  expect(list.shown()).toEqual(["old", "new"]);
  mutation.fail();
  server.list = ["truth"];
  await clock.advance(1_000);
  expect(list.shown()).toEqual(["truth"]);
  expect(list.counter.reads).toBe(reads + 1);
});

test("the trace has the signals that were held or dropped as own", async () => {
  const { trace, mount, begin, append, publish, settle } = openTab();
  mount("list");
  await settle();
  const mutation = await begin(append);
  trace.splice(0);
  publish(mutation.origin);
  mutation.ok();
  await settle();
  publish(mutation.origin);
  const signal = { channel: a1.name, name: "comment.created", origin: mutation.origin };
  const query = '["list"]';
  expect(trace).toEqual([
    { type: "signal", signal: { ...signal, id: "s1" } },
    { type: "held", query, signal: { ...signal, id: "s1" } },
    { type: "stale", query, cause: { type: "mutation" } },
    { type: "fetch", query, causes: [{ type: "mutation" }] },
    { type: "settled", query, outcome: "success" },
    { type: "signal", signal: { ...signal, id: "s2" } },
    { type: "dropped-as-own", query, signal: { ...signal, id: "s2" } },
  ]);
});
