import { sql } from "drizzle-orm";
import { isoTime } from "@/db/rows/iso-time.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { OwnInvitation } from "../schema.ts";

/**
 * The open invitations of the viewer's account, the first to expire first. Empty when signed out. An invitation that
 * was sent before the account existed is answered on its own page, with the token of its link.
 */
export async function listOwnInvitations({ tx }: ReadContext): Promise<readonly OwnInvitation[]> {
  const rows = await tx.execute<Row>(sql`
    select id, ${isoTime(sql`expires_at`)} as "expiresAt", has_proof as "hasProof", slug, name,
      role_name as "roleName", invited_by as "invitedBy"
    from app.own_invitations() as own order by own.expires_at, id limit ${listedAtMost}`);
  return rows.map(({ slug, name, ...row }) => ({ ...row, publication: { slug, name } }));
}

type Row = {
  readonly id: string;
  readonly expiresAt: string;
  readonly hasProof: boolean;
  readonly slug: string;
  readonly name: string;
  readonly roleName: string;
  readonly invitedBy: string;
};
