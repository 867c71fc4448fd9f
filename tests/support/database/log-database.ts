import postgres from "postgres";
import { migrateLog, type Sql } from "querycast/server";
import { createTestDatabase } from "./database.ts";

export interface LogDatabase {
  /** Owner of the log, with all rights. */
  readonly owner: postgres.Sql;
  /** May append signals and bump epochs only. */
  readonly writer: postgres.Sql;
  /** Used by catch-up and the relay. */
  readonly reader: postgres.Sql;
  readonly readerUrl: string;
  readonly writerUrl: string;
  readonly close: () => Promise<void>;
}

/** A database with a signal log and a table `articles` with row-level security. */
export async function createLogDatabase(): Promise<LogDatabase> {
  const database = await createTestDatabase({ migrate, template: "template_signal_log" });
  const connect = (url: string) => postgres(url, { max: 8, onnotice: () => {} });
  const as = (role: string) => {
    const url = new URL(database.ownerUrl);
    url.username = role;
    url.password = role;
    return url.href;
  };
  const owner = connect(database.ownerUrl);
  const writer = connect(as("log_test_writer"));
  const reader = connect(as("log_test_reader"));
  return {
    owner,
    writer,
    reader,
    readerUrl: as("log_test_reader"),
    writerUrl: as("log_test_writer"),
    close: async () => {
      await Promise.all([owner, writer, reader].map((sql) => sql.end({ timeout: 1 })));
      await database.close();
    },
  };
}

/** A postgres.js connection as the library's `Sql`. */
export const port = (sql: postgres.Sql | postgres.TransactionSql): Sql => sql as unknown as Sql;

/** The code or the message of the error that the work fails with. */
export const failureOf = (work: PromiseLike<unknown>) =>
  Promise.resolve(work).then(
    () => "no error",
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

async function migrate(ownerUrl: string): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  for (const role of ["log_test_writer", "log_test_reader"]) {
    const found = await sql`select from pg_roles where rolname = ${role}`;
    if (found.length === 0) await sql.unsafe(`create role ${role} login password '${role}'`);
  }
  await migrateLog(port(sql), { writers: ["log_test_writer"], readers: ["log_test_reader"] });
  await sql.unsafe(`
    create table articles (id text primary key, author_id text not null,
      published boolean not null, revision int not null default 0);
    alter table articles enable row level security;
    alter table articles force row level security;
    create policy read on articles for select
      using (published or author_id = current_setting('app.user_id', true));
    grant select on articles to log_test_reader;
    grant select, insert, update on articles to log_test_writer;
    create policy write on articles for all to log_test_writer using (true) with check (true);
  `);
  await sql.end();
}
