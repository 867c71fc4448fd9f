import { dehydrate, hydrate, QueryClient, QueryObserver } from "@tanstack/react-query";
import { createQueryBridge, createRealtimeClient, live, prefetchLive, signal } from "querycast";
import { createPageCursors, type PageCursors } from "querycast/server";
import { type ConformanceStack, conformanceChannels, type Room } from "querycast/testing";
import { afterEach, expect, test, vi } from "vitest";
import { handOver } from "../../../src/realtime/query/binding/hand-over.ts";
import { createSoketiStack } from "../../support/stacks/soketi-stack.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function setUp() {
  const stack = await createSoketiStack();
  closers.push(stack.close);
  let changes = 0;
  return {
    stack,
    newPage: createPageCursors({ log: stack.log, secret: "a secret of at least 32 characters" }),
    change: async (room: Room) => {
      changes += 1;
      await stack.commit([signal(room, "topic.changed")]);
    },
    read: () => changes,
  };
}

const queryOf = (room: Room, queryFn: () => number) =>
  live({ queryKey: [room.name], queryFn }, [room]);

/** The data that a server sends with a document. */
async function render(rooms: readonly Room[], cursors: PageCursors, read: (room: Room) => number) {
  const queryClient = new QueryClient();
  await Promise.all(
    rooms.map((room) =>
      prefetchLive(
        queryClient,
        queryOf(room, () => read(room)),
        { cursors },
      ),
    ),
  );
  return JSON.parse(JSON.stringify(dehydrate(queryClient))) as ReturnType<typeof dehydrate>;
}

/** A browser with a document that shows its rooms. */
function open(stack: ConformanceStack, read: () => number) {
  const requests: string[] = [];
  const route = stack.fetch({ id: "reader" });
  const client = createRealtimeClient({
    channels: conformanceChannels,
    transport: stack.transport(),
    fetch: (url, init) => {
      requests.push((JSON.parse(String(init?.body)) as { type: string }).type);
      return route(url, init);
    },
  });
  const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000 } } });
  const bridge = createQueryBridge({ client, queryClient });
  const detach = bridge.attach();
  let reads = 0;
  closers.push(() => {
    detach();
    client.close();
    queryClient.clear();
  });
  return {
    requests,
    reads: () => reads,
    hydrate: (state: ReturnType<typeof dehydrate>) => {
      handOver(client, queryClient, state);
      hydrate(queryClient, state);
    },
    look: (room: Room) => {
      const query = queryOf(room, () => {
        reads += 1;
        return read();
      });
      const observer = new QueryObserver(queryClient, query);
      closers.push(observer.subscribe(() => {}));
      return () => observer.getCurrentResult().data;
    },
    isLive: () =>
      stack.until("the page is live", () => client.getState().status === "live", 10_000),
  };
}

test("K9 a page that was rendered with its data does not read it again", async () => {
  const { stack, newPage, change, read } = await setUp();
  const rooms = [await stack.newRoom(), await stack.newRoom()];
  for (const room of rooms) await change(room);
  // None of these signals is in flight when the page subscribes.
  await stack.until("both are relayed", () => stack.relay.health().published >= 2);
  const state = await render(rooms, newPage(), read);
  const page = open(stack, read);
  page.hydrate(state);
  const shown = rooms.map(page.look);
  await page.isLive();
  expect(shown.map((show) => show())).toEqual([2, 2]);
  expect(page.reads()).toBe(0);
  expect(page.requests.filter((type) => type === "catch-up")).toHaveLength(1);

  await change(rooms[0] as Room);
  await vi.waitFor(() => expect(shown[0]?.()).toBe(3));
  expect(page.reads()).toBe(1);
});

test("K9 a write between the server's read and the subscription becomes visible, on its channel only", async () => {
  const { stack, newPage, change, read } = await setUp();
  const [changed, quiet] = [await stack.newRoom(), await stack.newRoom()];
  const state = await render([changed, quiet], newPage(), read);
  await change(changed);
  const page = open(stack, read);
  page.hydrate(state);
  const [shown] = [page.look(changed), page.look(quiet)];
  await page.isLive();
  await vi.waitFor(() => expect(shown?.()).toBe(1));
  expect(page.reads()).toBe(1);
});

test("K9 a write during the server's read becomes visible", async () => {
  const { stack, newPage, change, read } = await setUp();
  const room = await stack.newRoom();
  const cursors = newPage();
  const state = await render(
    [room],
    async (names) => {
      const before = await cursors(names);
      await change(room);
      return before;
    },
    () => 0,
  );
  const page = open(stack, read);
  page.hydrate(state);
  const shown = page.look(room);
  await vi.waitFor(() => expect(shown()).toBe(1), 10_000);
});

test("K9 a page queries the log once, and is rendered even when that fails", async () => {
  const { stack } = await setUp();
  const rooms = [await stack.newRoom(), await stack.newRoom()];
  const since = vi.fn(stack.log.since);
  const secret = "a secret of at least 32 characters";
  const page = createPageCursors({ log: { ...stack.log, since }, secret })();
  const names = rooms.map(({ name }) => name);
  const first = await page(names);
  expect(Object.keys(first)).toEqual(names);
  expect(await page(names.slice(0, 1))).toEqual({ [names[0] ?? ""]: first[names[0] ?? ""] });
  expect(since).toHaveBeenCalledTimes(1);

  since.mockRejectedValue(new Error("the database is away"));
  const onError = vi.fn();
  const blind = createPageCursors({ log: { ...stack.log, since }, secret, onError })();
  const state = await render(rooms, blind, () => 7);
  expect(state.queries.map((query) => query.state.data)).toEqual([7, 7]);
  expect(onError).toHaveBeenCalled();
});

test("K9 U8 new data for a followed channel is read once more, since signals may have been missed", async () => {
  const { stack, newPage, change, read } = await setUp();
  const room = await stack.newRoom();
  const page = open(stack, read);
  page.hydrate(await render([room], newPage(), read));
  const first = page.look(room);
  await page.isLive();
  const late = await render([room], newPage(), read);
  const before = page.reads();
  page.hydrate(late);
  await vi.waitFor(() => expect(page.reads()).toBe(before + 1));
  await change(room);
  await vi.waitFor(() => expect(first()).toBe(1));
});

test("without a cursor the first response is a gap, and everything on the channel is read", async () => {
  const { stack, newPage, read } = await setUp();
  const room = await stack.newRoom();
  const page = open(stack, read);
  page.hydrate(await render([room], async () => ({}), read));
  page.hydrate(await render([room], newPage(), read));
  page.look(room);
  await page.isLive();
  await vi.waitFor(() => expect(page.reads()).toBe(1));
});
