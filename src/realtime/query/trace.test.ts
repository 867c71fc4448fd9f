import { expect, test } from "vitest";
import { a1, setUp } from "../../../tests/support/rigs/bridge-rig.ts";
import type { TraceEvent } from "../client/trace.ts";
import { hold } from "./mutation/hold.ts";

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

test("the trace has each step from a signal to a fetch, and why a query was not fetched", async () => {
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
