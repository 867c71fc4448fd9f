import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { migrateLog } from "querycast/server";

const sql = postgres(process.env.DATABASE_OWNER_URL ?? "", { max: 1, onnotice: () => {} });
await sql.unsafe(readFileSync(join(import.meta.dirname, "schema.sql"), "utf8"));
// The site publishes, answers catch-up and relays with one role.
await migrateLog(sql, { writers: ["notes_site"], readers: ["notes_site"] });
await sql.end();
