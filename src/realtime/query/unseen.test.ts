import { QueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test, vi } from "vitest";
import { a1, setUp } from "../../../tests/support/rigs/bridge-rig.ts";
import { browserEnvironment } from "../client/environment.ts";
import { live } from "./binding/live.ts";
import { hold } from "./mutation/hold.ts";

test("an inactive query is marked while its channel is open, and fetched when it is mounted again", async () => {
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

test("a change while a query was unmounted and its channel left is found by the catch-up", async () => {
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

test("a hidden tab marks queries as stale and fetches once when it is visible", async () => {
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

test("a page restored from the back/forward cache fetches once: the client handles pageshow", async () => {
  onTestFinished(() => void vi.unstubAllGlobals());
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
  // A restored page is visible without a visibilitychange event.
  page.visibilityState = "visible";
  frame.dispatchEvent(new Event("pageshow"));
  await settle();
  expect(query.fetches.length).toBe(before + 1);
});

test("a prefetched query without a component is not fetched for a signal, but when it is mounted", async () => {
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
  onTestFinished(new QueryObserver(queryClient, options).subscribe(() => {}));
  await clock.advance(1_000);
  expect(reads).toBe(2);
});

test("an unmounted query in a hidden tab is fetched when it is mounted and the tab is visible", async () => {
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

test("a signal does not concern a query that was removed while it was mounted", async () => {
  const stale: string[] = [];
  const { mount, publish, queryClient, settle } = setUp({
    onTrace: (event) => event.type === "stale" && stale.push(event.query),
  });
  mount("other", [a1]);
  const query = mount("list", [a1]);
  await settle();
  queryClient.removeQueries({ queryKey: ["list"] });
  query.unmount();
  stale.length = 0;
  publish();
  await settle();
  expect(stale).toEqual(['["other"]']);
});

test("a query is not live while a signal waits for a mutation that began after it", async () => {
  const { bridge, clock, mount, publish, queryClient, settle } = setUp();
  const query = mount("list", [a1]);
  await settle();
  expect(query.state().status).toBe("live");
  publish();
  const statuses: string[] = [];
  bridge.onLiveStateChange(() => statuses.push(query.state().status));
  // Within the 20 ms in which the scheduler gathers signals.
  const release = hold(queryClient, ["list"]);
  await clock.advance(50);
  expect(query.state().status).toBe("catching-up");
  expect(statuses.at(-1)).toBe("catching-up");
  release();
  await settle();
  expect(query.state().status).toBe("live");
});
