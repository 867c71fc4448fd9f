import { sql } from "drizzle-orm";
import { channels } from "@/channels/index.ts";
import type { JobContext } from "@/wiring/context-types.ts";

/** Writes yesterday's report of each author, once, and sends a message to the open pages of its author. */
export async function writeDailyReports({ tx, send }: JobContext): Promise<void> {
  const rows = await tx.execute<{ user_id: string; day: string }>(sql`
    select user_id, to_char(day, 'YYYY-MM-DD') as day
    from (select current_date - 1 as day) as yesterday, app.write_daily_reports(day) as user_id`);
  for (const { user_id: userId, day } of rows) {
    send(channels.report({ userId }), { type: "report.ready", fields: { day } });
  }
}
