import { sql } from "drizzle-orm";
import { channels } from "@/channels/index.ts";
import { doEach } from "@/lib/do-each.ts";
import type { JobContext, RunJob } from "@/wiring/context-types.ts";

/**
 * Writes yesterday's report of each author that has none, each in a transaction of its own, and sends a message to the
 * open pages of its author.
 *
 * @throws {Error} after all others were written, when some could not be
 */
export async function writeDailyReports(run: RunJob): Promise<void> {
  const { day, authors } = await run(listDue);
  await doEach(authors, "daily reports were not written", (userId) =>
    run((context) => writeReport(context, userId, day)),
  );
}

async function listDue({ tx }: JobContext) {
  const rows = await tx.execute<{ userId: string; day: string }>(sql`
    select user_id as "userId", to_char(day, 'YYYY-MM-DD') as day
    from (select current_date - 1 as day) as yesterday, app.authors_without_report(day) as user_id`);
  return { day: rows[0]?.day ?? "", authors: rows.map(({ userId }) => userId) };
}

async function writeReport({ tx, send }: JobContext, userId: string, day: string): Promise<void> {
  const written = await tx.execute(
    sql`select from app.write_daily_report(${userId}, ${day}::date)`,
  );
  if (written.length === 0) return;
  send(channels.report({ userId }), { type: "report.ready", fields: { day } });
}
