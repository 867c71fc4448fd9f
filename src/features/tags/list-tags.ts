import { asc } from "drizzle-orm";
import { articles, articleTags, tags } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { published, tagColumns, tagged } from "./columns.ts";
import type { Tag } from "./schema.ts";

/** All tags with published articles, by name. */
export function listTags({ tx }: ReadContext): Promise<readonly Tag[]> {
  return tx
    .select(tagColumns)
    .from(tags)
    .innerJoin(articleTags, tagged)
    .innerJoin(articles, published)
    .groupBy(tags.id)
    .orderBy(asc(tags.name));
}
