import fc from "fast-check";
import type postgres from "postgres";
import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createRelayLog,
  createSignalLog,
  type RelaySession,
  type SignalLog,
} from "querycast/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLogDatabase, type LogDatabase, port } from "../../support/database/log-database.ts";

const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")),
});
const rooms = ["a", "b", "c"].map((roomId) => channels.room({ roomId }));
const writers = 4;

let database: LogDatabase;
let log: SignalLog;
let relay: RelaySession;
beforeAll(async () => {
  database = await createLogDatabase();
  log = createSignalLog({ sql: port(database.reader) });
  const relayLog = createRelayLog({ open: postgresJs(database.readerUrl), pageRows: 3 });
  relay = await relayLog.open({ notified: () => {}, closed: () => {} });
});
afterAll(async () => {
  await relay.close();
  await database.close();
});

/** A transaction that can be interleaved with others. */
interface OpenTransaction {
  readonly sql: postgres.TransactionSql;
  readonly written: string[];
  readonly end: (outcome: "commit" | "rollback") => Promise<void>;
}

function begin(): Promise<OpenTransaction> {
  return new Promise((resolve, reject) => {
    let decide: (outcome: "commit" | "rollback") => void = () => {};
    const outcome = new Promise<"commit" | "rollback">((settle) => {
      decide = settle;
    });
    const done = database.writer
      .begin(async (sql) => {
        resolve({
          sql,
          written: [],
          end: async (which) => {
            decide(which);
            await done;
          },
        });
        if ((await outcome) === "rollback") throw new Error("rolled back");
      })
      .then(() => {})
      .catch((error: Error) => {
        if (error.message !== "rolled back") reject(error);
      });
  });
}

const writer = fc.nat({ max: writers - 1 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("write" as const), writer, room: fc.nat({ max: 2 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("end" as const),
      writer,
      outcome: fc.constantFrom("commit" as const, "commit" as const, "rollback" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("relay" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("client" as const) }) },
);

test("L3 readers that follow their cursors get every committed signal once, in any order of commits", async () => {
  let nextId = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const open = new Map<number, OpenTransaction>();
      const committed: string[] = [];
      const relayed: string[] = [];
      const replayed: string[] = [];
      const names = rooms.map(({ name }) => name);
      const ask = (positions: ReadonlyMap<string, string | null>) =>
        log.since(names.map((name) => ({ channel: name, position: positions.get(name) ?? null })));
      let cursors = new Map<string, string>();
      let relayedUpTo = "";

      const catchUp = async () => {
        const answers = await ask(cursors);
        for (const answer of answers.values()) {
          expect(answer.status).not.toBe("gap");
          if (answer.status !== "replay") continue;
          for (const { ids } of answer.signals)
            replayed.push(...(ids ?? []).map((id) => String(id.messageId)));
        }
        cursors = new Map([...answers].map(([name, { position }]) => [name, position]));
      };
      const relayPage = async () => {
        const page = await relay.read(relayedUpTo);
        relayed.push(...page.deliveries.map(({ signal }) => String(signal.ids?.[0]?.messageId)));
        relayedUpTo = page.position;
        return page.more;
      };
      const end = async (index: number, outcome: "commit" | "rollback") => {
        const transaction = open.get(index);
        if (transaction === undefined) return;
        open.delete(index);
        await transaction.end(outcome);
        if (outcome === "commit") committed.push(...transaction.written);
      };

      cursors = new Map(
        [...(await ask(new Map()))].map(([name, { position }]) => [name, position]),
      );
      relayedUpTo = [...cursors.values()][0] ?? "";
      for (const each of steps) {
        if (each.do === "write") {
          const transaction = open.get(each.writer) ?? (await begin());
          open.set(each.writer, transaction);
          const messageId = String(++nextId);
          await log.append(port(transaction.sql), [
            signal(rooms[each.room]!, "message.posted", { messageId }),
          ]);
          transaction.written.push(messageId);
        } else if (each.do === "end") await end(each.writer, each.outcome);
        else if (each.do === "relay") await relayPage();
        else await catchUp();
      }
      for (const index of [...open.keys()]) await end(index, "commit");
      await catchUp();
      while (await relayPage());

      expect(replayed.toSorted()).toEqual(committed.toSorted());
      expect(relayed.toSorted()).toEqual(committed.toSorted());
    }),
    { numRuns: 60 },
  );
});
