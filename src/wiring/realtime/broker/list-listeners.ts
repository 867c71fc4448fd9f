import { sql } from "drizzle-orm";
import type { Database } from "@/db/database.ts";
import type { Viewer } from "@/db/viewer.ts";
import type { SiteViewer } from "../access/rules.ts";

/** Limit of rows that one preview reads. */
const rowsAtMost = 50_000;

/**
 * Lists the people on channels, as an admin may see them: those who joined in the last 24 hours, have not
 * left as far as known, still have a session, and are not banned from the channel. The roles are the
 * current ones.
 *
 * @param channels names of channels with subscriptions at the broker
 */
export async function listListeners(
  database: Database,
  admin: Viewer,
  channels: readonly string[],
): Promise<ReadonlyMap<string, readonly SiteViewer[]>> {
  const rows = await database.readAs(admin, (tx) =>
    tx.execute<{ channel: string; id: string; role: SiteViewer["role"] }>(sql`
      select joins.channel, users.id, users.role
      from channel_joins as joins join users on users.id = joins.user_id
      where joins.channel in (select json_array_elements_text(${JSON.stringify(channels)}::json))
        and (joins.vacated_at is null or joins.joined_at > joins.vacated_at)
        and exists (select from sessions where sessions.user_id = users.id
          and sessions.revoked_at is null and sessions.expires_at > now())
        and not exists (select from channel_bans as bans
          where (bans.user_id is null or bans.user_id = users.id)
            and (bans.channel is null or bans.channel = joins.channel))
      order by joins.joined_at desc limit ${rowsAtMost}`),
  );
  const people = new Map<string, SiteViewer>();
  const listeners = new Map<string, SiteViewer[]>();
  for (const { channel, id, role } of rows) {
    const person = people.get(id) ?? { id, role };
    people.set(id, person);
    const own = listeners.get(channel) ?? [];
    own.push(person);
    listeners.set(channel, own);
  }
  return listeners;
}
