import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { createQueryBridge, createRealtimeClient, live, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import { createRelayLog, drain } from "querycast/server";
import { conformanceChannels, type Room } from "querycast/testing";
import { afterEach, expect, test, vi } from "vitest";
import { backUp } from "../../support/database/back-up.ts";
import { createSoketiStack } from "../../support/stacks/soketi-stack.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const idOf = ({ params: { roomId = "" } }: Room) => roomId;

async function setUp() {
  const stack = await createSoketiStack();
  closers.push(stack.close);
  // A page that joins before the first relay has started becomes live only with its next poll.
  await vi.waitFor(() => expect(stack.relay.health().state).toBe("leading"), 10_000);
  const { owner, readerUrl } = stack.database;
  /** The content of a room, and whether its page receives signals. */
  const say = async (room: Room, words: string, { isTold = true } = {}) => {
    await owner`update articles set author_id = ${words} where id = ${idOf(room)}`;
    if (isTold) await stack.commit([signal(room, "topic.changed")]);
  };
  /** A browser that shows a room. */
  const open = async (room: Room) => {
    const client = createRealtimeClient({
      channels: conformanceChannels,
      transport: stack.transport(),
      fetch: stack.fetch({ id: "reader" }),
      random: () => 0.1,
    });
    const statuses: string[] = [];
    client.onStateChange(() => statuses.push(client.getState().status));
    const queryClient = new QueryClient();
    const detach = createQueryBridge({ client, queryClient }).attach();
    const read = async (): Promise<string | undefined> => {
      const rows = await owner<{ words: string }[]>`
        select author_id as words from articles where id = ${idOf(room)}`;
      return rows[0]?.words;
    };
    const query = live({ queryKey: [room.name], queryFn: read, retry: 5 }, [room]);
    const stop = new QueryObserver(queryClient, query).subscribe(() => {});
    closers.push(() => {
      stop();
      detach();
      client.close();
      queryClient.clear();
    });
    await vi.waitFor(() => expect(client.getState().status).toBe("live"), 10_000);
    const shows = (words: string) =>
      vi.waitFor(() => expect(queryClient.getQueryData([room.name])).toBe(words), {
        timeout: 20_000,
        interval: 100,
      });
    return { shows, statuses, isLive: () => client.getState().status === "live" };
  };
  const keep = async () => {
    const backup = await backUp(readerUrl);
    closers.push(backup.drop);
    return backup;
  };
  return { stack, say, open, keep };
}

test("C3 a page with an open socket shows the content of a restored database without any write", async () => {
  const { stack, say, open, keep } = await setUp();
  const [room, another] = [await stack.newRoom(), await stack.newRoom()];
  await say(room, "kept", { isTold: false });
  await say(another, "noise");
  await vi.waitFor(() => expect(stack.relay.health().published).toBe(1));
  const backup = await keep();
  // The room has no signal in the log, so no repeated frame can reveal the restore.
  await say(room, "lost", { isTold: false });
  const page = await open(room);
  await page.shows("lost");

  await backup.restore();
  await page.shows("kept");
  expect(page.statuses).not.toContain("degraded");
  expect(stack.line.sockets()).toBe(1);
  await vi.waitFor(() => expect(page.isLive()).toBe(true), 10_000);
  await say(room, "afterwards");
  await page.shows("afterwards");
}, 60_000);

test("C3 a right that was removed after the backup is checked again, and the channel gets its current wire name", async () => {
  const { stack, say, open, keep } = await setUp();
  const room = await stack.newRoom();
  const page = await open(room);
  await say(room, "kept");
  await page.shows("kept");
  const backup = await keep();
  await stack.commit([], room);
  await say(room, "lost");
  await page.shows("lost");

  await backup.restore();
  await page.shows("kept");
  await say(room, "afterwards");
  await page.shows("afterwards");
}, 60_000);

test("C3 without a relay the next drain notifies the page of the restore", async () => {
  const { stack, say, open, keep } = await setUp();
  const room = await stack.newRoom();
  const page = await open(room);
  await say(room, "kept");
  await vi.waitFor(() => expect(stack.relay.health().published).toBe(1));
  await page.shows("kept");
  await stack.relay.stop();
  const backup = await keep();
  await say(room, "lost", { isTold: false });
  await backup.restore();
  await say(room, "restored", { isTold: false });
  const told: string[] = [];
  const { readerUrl } = stack.database;
  for (let run = 0; run < 2; run += 1) {
    await drain({
      log: createRelayLog({ open: postgresJs(readerUrl) }),
      broker: stack.broker,
      onEvent: ({ type }) => told.push(type),
    });
  }
  await page.shows("restored");
  expect(told).toEqual(["restored"]);
}, 60_000);
