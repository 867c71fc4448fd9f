import { createSignalLog, type Sql } from "querycast/server";
import { toSql } from "@/db/connection/to-sql.ts";
import { singleton } from "@/lib/singleton.ts";
import { database } from "../../database.ts";

/** Runs single statements that may read the signal log, and no table of the site. */
export const readLog: Sql = (text, ...values) =>
  database().asRelay(async (tx) => toSql(tx)(text, ...values));

export const signalLog = () => singleton("signal-log", () => createSignalLog({ sql: readLog }));
