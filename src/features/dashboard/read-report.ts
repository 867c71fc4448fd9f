import { desc, eq } from "drizzle-orm";
import { dailyReports } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Day } from "./schema.ts";

/** The viewer's newest daily report; null before the first one. */
export async function readReport({ tx, viewer }: ReadContext): Promise<Day | null> {
  if (viewer.userId === null) return null;
  const { day, views, comments, reactions } = dailyReports;
  const [row] = await tx
    .select({ day, views, comments, reactions })
    .from(dailyReports)
    .where(eq(dailyReports.userId, viewer.userId))
    .orderBy(desc(day))
    .limit(1);
  return row ?? null;
}
