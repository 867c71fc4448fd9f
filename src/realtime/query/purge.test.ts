import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { createRealtimeClient } from "../client/client.ts";
import { channel, defineChannels } from "../protocol/channel.ts";
import { epochChangedEvent } from "../protocol/epoch-changed.ts";
import { createFakeBroker } from "../testing/fakes/fake-broker.ts";
import { createFakeRoute } from "../testing/fakes/fake-route.ts";
import { live } from "./binding/live.ts";
import { createQueryBridge } from "./bridge.ts";

const channels = defineChannels({ gist: channel("gist.{gistId}").signal("comment.created") });
const gist = channels.gist({ gistId: "g1" });
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A page that shows a gist, and a route that denies a number of joins. */
async function openPage({ denials = 0, reads = Number.POSITIVE_INFINITY } = {}) {
  const broker = createFakeBroker();
  const route = createFakeRoute();
  const site = { denials, isReadable: true, revision: 1, denied: 0 };
  const fetch: typeof globalThis.fetch = (url, init) => {
    const { type } = JSON.parse(String(init?.body)) as { type: string };
    if (type !== "join" || site.denials === 0) return route.fetch(url, init);
    site.denied += 1;
    site.denials -= 1;
    const results = [{ channel: gist.name, status: "denied" }];
    return Promise.resolve(Response.json({ v: 1, results }, { status: 403 }));
  };
  const reports: string[] = [];
  const client = createRealtimeClient({
    channels,
    transport: broker.transport,
    fetch,
    random: () => 0,
    onReport: ({ type }) => reports.push(type),
  });
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const detach = createQueryBridge({ client, queryClient, random: () => 0 }).attach();
  let readsLeft = reads;
  const queryFn = async () => {
    readsLeft -= 1;
    if (!site.isReadable || readsLeft < 0) throw new Error("not found");
    return site.revision;
  };
  const stop = new QueryObserver(
    queryClient,
    live({ queryKey: ["gist"], queryFn }, [gist]),
  ).subscribe(() => {});
  closers.push(() => {
    stop();
    detach();
    client.close();
    queryClient.clear();
  });
  const isLive = () => vi.waitFor(() => expect(client.getState().status).toBe("live"));
  await isLive();
  return {
    site,
    reports,
    isLive,
    read: () => queryClient.refetchQueries({ queryKey: ["gist"] }),
    shown: () => queryClient.getQueryData(["gist"]),
    joined: () => broker.log.filter((entry) => entry.startsWith("+")).length,
    /** Changes the wire name and sends the event on the old one. */
    move: () => {
      const wireName = route.wireName(gist.name);
      route.raiseEpoch(gist.name);
      broker.send(wireName, epochChangedEvent, "{}");
    },
    write: () => {
      site.revision += 1;
      broker.publish(route.wireName(gist.name), {
        id: `s${site.revision}`,
        name: "comment.created",
        ids: undefined,
        origin: undefined,
      });
    },
  };
}

test("K4 a query that can be read again when it is purged joins its channel again", async () => {
  const page = await openPage();
  page.site.denials = 1; // the viewer has access again after the join
  page.move();
  await vi.waitFor(() => expect(page.joined()).toBe(2));
  await page.isLive();
  page.write();
  await vi.waitFor(() => expect(page.shown()).toBe(2));
  expect(page.reports).toEqual(["denied"]);
});

test("K4 a query that can be read again long after the denial joins its channel again", async () => {
  const page = await openPage();
  page.site.denials = 1;
  page.site.isReadable = false;
  page.move();
  await vi.waitFor(() => expect(page.reports).toEqual(["denied"]));
  await vi.waitFor(() => expect(page.shown()).toBeUndefined());
  page.site.isReadable = true;
  await page.read();
  await vi.waitFor(() => expect(page.joined()).toBe(2));
  page.write();
  await vi.waitFor(() => expect(page.shown()).toBe(2));
});

test("K4 access that returns between a denied first join and the next fetch makes the channel join", async () => {
  const page = await openPage({ denials: 1 });
  await vi.waitFor(() => expect(page.reports).toEqual(["denied"]));
  await vi.waitFor(() => expect(page.joined()).toBe(1));
  page.write();
  await vi.waitFor(() => expect(page.shown()).toBe(2));
});

test("K4 a page that can be read while its channel is denied joins it once more only", async () => {
  const page = await openPage();
  page.site.denials = Number.POSITIVE_INFINITY;
  page.move();
  await vi.waitFor(() => expect(page.site.denied).toBe(2));
  await vi.waitFor(() => expect(page.shown()).toBe(1));
  expect(page.site.denied).toBe(2);
  expect(page.reports).toEqual(["denied"]); // the second denial is not reported
  expect(page.joined()).toBe(1);
});

test("K4 a failed fetch after a denial leaves no data and joins nothing", async () => {
  const page = await openPage();
  page.site.denials = Number.POSITIVE_INFINITY;
  page.site.isReadable = false;
  page.move();
  await vi.waitFor(() => expect(page.reports).toEqual(["denied"]));
  await vi.waitFor(() => expect(page.shown()).toBeUndefined());
  expect(page.reports).toEqual(["denied"]);
});

test("K4 data read before a denied first join is removed, too", async () => {
  const page = await openPage({ denials: Number.POSITIVE_INFINITY, reads: 1 });
  await vi.waitFor(() => expect(page.reports).toEqual(["denied"]));
  await vi.waitFor(() => expect(page.shown()).toBeUndefined());
  expect(page.reports).toEqual(["denied"]);
});
