export type { LogGrants } from "./log/grant-log.ts";
export { migrateLog } from "./log/migrate-log.ts";
