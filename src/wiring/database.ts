import { createDatabase } from "@/db/database.ts";
import { env } from "@/lib/env.ts";
import { singleton } from "@/lib/singleton.ts";

export const database = () => singleton("database", () => createDatabase(env().databaseUrl));
