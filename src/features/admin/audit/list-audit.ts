import { and, desc, eq, gte, ilike, lt, type SQL, sql } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { escapeLike } from "@/db/rows/escape-like.ts";
import { findPerson } from "@/db/rows/find-person.ts";
import { nameIds } from "@/db/rows/name-ids.ts";
import { auditLog, users } from "@/db/schema.ts";
import { idsIn } from "@/lib/text/names.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { type AuditFilter, type AuditPage, auditPerPage, type ListAuditInput } from "./schema.ts";

/** One page of the audit log, newest first. @throws {AppError} `forbidden` */
export async function listAudit(
  { tx, viewer }: ReadContext,
  { after, ...filter }: ListAuditInput,
  limit = auditPerPage,
): Promise<AuditPage> {
  assertAdmin(viewer);
  const rows = await tx
    .select({
      id: auditLog.id,
      at: auditLog.at,
      actorId: auditLog.actorId,
      actorName: users.name,
      action: auditLog.action,
      subject: auditLog.subject,
      detail: auditLog.detail,
    })
    .from(auditLog)
    .leftJoin(users, eq(users.id, auditLog.actorId))
    .where(and(...conditions(filter), after === undefined ? undefined : lt(auditLog.id, after)))
    .orderBy(desc(auditLog.id))
    .limit(limit + 1);
  const shown = rows.slice(0, limit).map(({ actorId, actorName, at, detail, ...row }) => ({
    ...row,
    at: at.toISOString(),
    actor: actorId === null ? null : { id: actorId, name: actorName },
    detail: detail as Readonly<Record<string, unknown>>,
  }));
  // An unknown person is an error, so that it differs from a person without entries.
  if (rows.length === 0 && filter.actor) await findPerson(tx, filter.actor, "actor");
  const texts = shown.flatMap(({ subject, detail, actor }) => [
    subject,
    JSON.stringify(detail),
    actor?.id ?? "",
  ]);
  const names = limit === auditPerPage ? await nameIds(tx, idsIn(...texts)) : {};
  return { names, rows: shown, next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}

function conditions({
  action,
  subject,
  actor,
  from,
  to,
  before,
}: AuditFilter): (SQL | undefined)[] {
  return [
    action ? ilike(auditLog.action, `${escapeLike(action)}%`) : undefined,
    subject ? ilike(auditLog.subject, `%${escapeLike(subject)}%`) : undefined,
    actor ? eq(users.handle, actor.replace(/^@/, "").toLowerCase()) : undefined,
    from ? gte(auditLog.at, sql`${from}::date`) : undefined,
    to ? lt(auditLog.at, sql`${to}::date + 1`) : undefined,
    before ? lt(auditLog.id, before) : undefined,
  ];
}
