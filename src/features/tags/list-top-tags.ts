import { asc, count, desc } from "drizzle-orm";
import { articles, articleTags, tags } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { published, tagColumns, tagged } from "./columns.ts";
import type { Tag } from "./schema.ts";

const shown = 10;

/** The most used tags first. */
export function listTopTags({ tx }: ReadContext): Promise<readonly Tag[]> {
  return tx
    .select(tagColumns)
    .from(tags)
    .innerJoin(articleTags, tagged)
    .innerJoin(articles, published)
    .groupBy(tags.id)
    .orderBy(desc(count(articles.id)), asc(tags.name))
    .limit(shown);
}
