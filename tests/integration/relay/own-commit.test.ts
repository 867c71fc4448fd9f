import postgres from "postgres";
import { createRealtimeClient, signal } from "querycast";
import { createSignalLog } from "querycast/server";
import { conformanceChannels as channels } from "querycast/testing";
import { afterEach, expect, test } from "vitest";
import { port } from "../../support/database/log-database.ts";
import { createFaultProxy, type Direction } from "../../support/servers/fault-proxy.ts";
import { createSseStack } from "../../support/stacks/sse-stack.ts";

/** Commits of the process whose own streams deliver them: the log decides, never the writer (decision 37). */

const viewer = { id: "reader" };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A live page of a room, a writer whose connection can fail, and the ids of the messages that the page received. */
async function setUp() {
  const stack = await createSseStack();
  closers.push(stack.close);
  const room = await stack.newRoom();
  const received: string[] = [];
  const client = createRealtimeClient({
    channels,
    transport: stack.transport(viewer),
    fetch: stack.fetch(viewer),
  });
  closers.push(() => client.close());
  client.subscribe(room, {
    signal: ({ ids = [] }) => received.push(...ids.map(({ messageId }) => String(messageId))),
    gap: () => {},
  });
  await stack.until("it is live", () => client.getState().status === "live");

  const url = new URL(stack.database.writerUrl);
  const line = await createFaultProxy({ target: { host: url.hostname, port: Number(url.port) } });
  url.host = `${line.host}:${line.port}`;
  const writer = postgres(url.href, { max: 1, onnotice: () => {} });
  closers.push(line.close, () => writer.end({ timeout: 0 }));
  const log = createSignalLog({ sql: port(stack.database.reader) });
  const append = (tx: postgres.TransactionSql, messageId: string) =>
    log.append(port(tx), [signal(room, "message.posted", { messageId })]);
  /** Commits by another connection. When its signal has arrived, those of earlier commits have, too. */
  const commitAnother = async (messageId: string) => {
    await stack.commit([signal(room, "message.posted", { messageId })]);
    stack.relay.wake();
    await stack.until("it is received", () => received.includes(messageId));
  };
  return { stack, received, line, writer, append, commitAnother };
}

test("L2 S3.2 a relay that its own process wakes too early, or after a rollback, sends nothing that is not committed", async () => {
  const { stack, received, writer, append, commitAnother } = await setUp();
  const rolledBack = writer.begin(async (tx) => {
    await append(tx, "rolled-back");
    stack.relay.wake();
    await commitAnother("during");
    throw new Error("changed its mind");
  });
  await expect(rolledBack).rejects.toThrow("changed its mind");
  stack.relay.wake();
  await commitAnother("after");
  expect(received).toEqual(["during", "after"]);
});

test("L1 a process that dies between its commit and the wake signal loses nothing, and the signal arrives once", async () => {
  const { stack, received, writer, append, commitAnother } = await setUp();
  await writer.begin((tx) => append(tx, "committed"));
  // Nothing of the writer is left that could wake a relay.
  await writer.end({ timeout: 0 });
  await stack.until("it is received", () => received.includes("committed"));
  stack.relay.wake();
  await commitAnother("after");
  expect(received).toEqual(["committed", "after"]);
});

test.each<readonly [string, Direction, readonly string[]]>([
  ["whose answer is lost is delivered once", "down", ["unknown", "after"]],
  ["that did not reach the database is not delivered", "up", ["after"]],
])("L1 L2 a commit of unknown outcome %s", async (_what, direction, expected) => {
  const { stack, received, line, writer, append, commitAnother } = await setUp();
  const unknown = writer.begin(async (tx) => {
    await append(tx, "unknown");
    line.blackHole(direction);
  });
  const failed = expect(unknown).rejects.toThrow();
  await stack.until("the bytes are lost", () => line.lostBytes() > 0);
  stack.relay.wake();
  line.cutAll();
  await line.heal();
  await failed;
  stack.relay.wake();
  await commitAnother("after");
  expect(received).toEqual(expected);
});
