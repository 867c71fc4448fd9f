import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createRelayLog,
  createSignalLog,
  type RelayLog,
  type RelaySession,
  type SignalLog,
  type Sql,
} from "querycast/server";
import { createMemoryLog } from "querycast/testing";
import { onTestFinished } from "vitest";
import type { Signal } from "@/realtime/protocol/signal.ts";
import { createLogDatabase, port } from "../../support/database/log-database.ts";

export const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")).signal("topic.changed"),
});
export const room = channels.room({ roomId: "r1" });
export const other = channels.room({ roomId: "r2" });
export const posted = (messageId: number, ref = room) =>
  signal(ref, "message.posted", { messageId });

/** The order of ids has no meaning. */
export const withIdsInOrder = ({ ids, ...rest }: Signal) => ({
  ...rest,
  ids: ids?.map((each) => JSON.stringify(each)).sort(),
});

/** A log with functions that write to it and delete old signals. */
export interface Subject {
  readonly log: SignalLog;
  readonly relayLog: RelayLog;
  transaction(fn: (tx: Sql) => Promise<unknown>): Promise<unknown>;
  restore(): unknown;
  close(): unknown;
}

async function inPostgres(): Promise<Subject> {
  const database = await createLogDatabase();
  return {
    log: createSignalLog({ sql: port(database.reader) }),
    relayLog: createRelayLog({ open: postgresJs(database.readerUrl), pageRows: 2 }),
    transaction: (fn) => database.writer.begin((tx) => fn(port(tx))),
    restore: () => database.owner`update querycast.log set id = gen_random_uuid()`,
    close: database.close,
  };
}

async function inMemory(): Promise<Subject> {
  const memory = createMemoryLog({ pageRows: 2 });
  return {
    log: memory,
    relayLog: memory,
    transaction: memory.transaction,
    restore: memory.restore,
    close: () => {},
  };
}

/** Both logs have to keep the same promises. */
export const logs = [
  ["in Postgres", inPostgres],
  ["in memory", inMemory],
] as const;

/** A log with one channel under test. Closed after the test. */
export async function setUp(open: () => Promise<Subject>) {
  const closers: (() => unknown)[] = [];
  onTestFinished(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  const subject = await open();
  closers.push(subject.close);
  const { log, transaction } = subject;
  const since = async (position: string | null, name = room.name) =>
    (await log.since([{ channel: name, position }])).get(name);
  return {
    ...subject,
    since,
    now: async () => (await since(null))?.position ?? "",
    write: (...messageIds: readonly number[]) =>
      transaction((tx) =>
        log.append(
          tx,
          messageIds.map((each) => posted(each)),
        ),
      ),
    openRelay: async () => {
      const received: string[] = [];
      const session = await subject.relayLog.open({
        notified: () => received.push("notified"),
        closed: () => received.push("closed"),
      });
      closers.push(session.close);
      return { session, received };
    },
  };
}

export const messages = (signals: readonly { ids: readonly object[] | undefined }[] = []) =>
  signals.flatMap((each) => each.ids ?? []).map((each) => Object.values(each)[0]);
export const drain = async (session: RelaySession, from: string) => {
  const pages: unknown[][] = [];
  let position = from;
  for (let more = true; more; ) {
    const page = await session.read(position);
    pages.push(messages(page.deliveries.map((each) => each.signal)));
    ({ more, position } = page);
  }
  const page = { since: from, signals: 1, withheld: 0, frames: 1, attempts: 1, tookMs: 0 };
  return { pages, position, page };
};
