import { sql } from "drizzle-orm";
import { articles, articleViews, comments, reactions } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Day } from "./schema.ts";

export const shownDays = 30;

/** Views, comments and reactions of all the viewer's articles by day, oldest first. */
export async function readDays({ tx, viewer }: ReadContext): Promise<readonly Day[]> {
  if (viewer.userId === null) return [];
  const first = sql`current_date - ${shownDays - 1}::int`;
  return tx.execute<Day & Record<string, unknown>>(sql`
    with own as (select id from ${articles} where author_id = ${viewer.userId}),
    events as (
      select day, 1 as views, 0 as comments, 0 as reactions
        from ${articleViews} where article_id in (table own) and day >= ${first}
      union all
      select created_at::date, 0, 1, 0
        from ${comments} where article_id in (table own) and created_at >= ${first} and deleted_at is null
      union all
      select created_at::date, 0, 0, 1
        from ${reactions} where article_id in (table own) and created_at >= ${first}
    )
    select to_char(days.day, 'YYYY-MM-DD') as day, coalesce(sum(views), 0)::int as views,
      coalesce(sum(comments), 0)::int as comments, coalesce(sum(reactions), 0)::int as reactions
    from generate_series(${first}, current_date, interval '1 day') as days (day)
    left join events on events.day = days.day::date
    group by days.day order by days.day`);
}
