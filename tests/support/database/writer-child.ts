import postgres from "postgres";
import { createSignalLog } from "../../../src/realtime/log/create-signal-log.ts";
import type { OutgoingSignal } from "../../../src/realtime/protocol/signal.ts";
import type { Sql } from "../../../src/realtime/server/ports.ts";

/** A process that writes an article and its signal in one transaction, prints a line, and never commits. */
const [databaseUrl = "", articleId = "", signal = ""] = process.argv.slice(2);
const sql = postgres(databaseUrl, { max: 1 });
await sql.begin(async (tx) => {
  const port = tx as unknown as Sql;
  await tx`insert into articles values (${articleId}, 'ada', true)`;
  await createSignalLog({ sql: port }).append(port, [JSON.parse(signal) as OutgoingSignal]);
  process.stdout.write("written\n");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
