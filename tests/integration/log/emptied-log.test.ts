import { createRealtimeClient, signal } from "querycast";
import { conformanceChannels, type Room } from "querycast/testing";
import { afterEach, expect, test, vi } from "vitest";
import { createSoketiStack } from "../../support/stacks/soketi-stack.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const posted = (room: Room, messageId: string) => signal(room, "message.posted", { messageId });
const patience = { timeout: 20_000 };

/** A page that is live on a room, and its events: "gap" when it had to read everything. */
async function openPage() {
  const stack = await createSoketiStack();
  closers.push(stack.close);
  const client = createRealtimeClient({
    channels: conformanceChannels,
    transport: stack.transport(),
    fetch: stack.fetch({ id: "reader" }),
  });
  closers.push(client.close);
  const room = await stack.newRoom();
  const received: string[] = [];
  client.subscribe(room, {
    signal: ({ ids }) => received.push(...(ids ?? []).map(({ messageId }) => String(messageId))),
    gap: () => received.push("gap"),
  });
  const isLive = () => vi.waitFor(() => expect(client.getState().status).toBe("live"), patience);
  const hears = (expected: string) =>
    vi.waitFor(() => expect(received).toContain(expected), patience);
  /** Discards the events recorded so far. */
  const forget = () => received.splice(0);
  await isLive();
  return { stack, room, received, isLive, hears, forget };
}

test("C1 R7 a page that was away while the log was emptied reads everything and receives later signals", async () => {
  const { stack, room, received, isLive, hears, forget } = await openPage();
  await stack.commit([posted(room, "before")]);
  await hears("before");
  await stack.line.refuse();
  for (const messageId of ["missed-1", "missed-2"]) await stack.commit([posted(room, messageId)]);
  const prune = async () =>
    Number((await stack.database.reader`select querycast.prune_signals(0, 100) as n`)[0]?.n);
  // A day ends when no transaction of it is open and all of it is delivered.
  await vi.waitFor(async () => expect(await prune()).toBeGreaterThan(0), patience);
  forget();
  await stack.line.heal();
  await isLive();
  expect(received).toEqual(["gap"]);
  await stack.commit([posted(room, "after")]);
  await hears("after");
}, 90_000);
