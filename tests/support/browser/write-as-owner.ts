import postgres from "postgres";
import type { OutgoingSignal } from "querycast";
import { createPublisher, createSignalLog, type Sql } from "querycast/server";
import { channels } from "@/channels/index.ts";

/** Writes rows and signals to the running site's database as its owner. */
export interface OwnerWriter {
  readonly sql: postgres.Sql;
  /** Runs `work` and publishes the signals in one transaction. */
  write(
    work: (tx: postgres.TransactionSql) => Promise<unknown>,
    signals: readonly OutgoingSignal[],
  ): Promise<void>;
  close(): Promise<void>;
}

const port = (sql: postgres.Sql | postgres.TransactionSql): Sql => sql as unknown as Sql;

/** For writes that no page of the site offers, or not at this rate. */
export function createOwnerWriter(ownerUrl: string): OwnerWriter {
  const sql = postgres(ownerUrl, { max: 2, onnotice: () => {} });
  const { publish } = createPublisher({ channels, log: createSignalLog({ sql: port(sql) }) });
  return {
    sql,
    write: async (work, signals) => {
      await sql.begin(async (tx) => {
        await work(tx);
        await publish(signals, { tx: port(tx) });
      });
    },
    close: () => sql.end(),
  };
}
