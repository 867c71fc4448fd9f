import type { AuditFilter } from "./schema.ts";

export const auditKeys = { list: (filter: AuditFilter) => ["audit", filter] as const };
