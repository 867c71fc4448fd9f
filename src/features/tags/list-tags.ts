import { asc } from "drizzle-orm";
import { tags } from "@/db/schema.ts";
import type { ReadContext } from "@/features/context.ts";
import { articleCountColumn } from "./article-count.ts";
import type { Tag } from "./schema.ts";

/** Every tag that has something to read, as in an index: by name. */
export async function listTags({ tx }: ReadContext): Promise<readonly Tag[]> {
  const rows = await tx
    .select({
      id: tags.id,
      slug: tags.slug,
      name: tags.name,
      description: tags.description,
      articleCount: articleCountColumn,
    })
    .from(tags)
    .orderBy(asc(tags.name));
  return rows.filter((tag) => tag.articleCount > 0);
}
