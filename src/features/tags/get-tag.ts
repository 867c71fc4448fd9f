import { eq } from "drizzle-orm";
import { articles, articleTags, tags } from "@/db/schema.ts";
import { isAddress } from "@/lib/http/is-address.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { published, tagColumns, tagged } from "./columns.ts";
import type { Tag } from "./schema.ts";

/** The tag with a slug, also when no article has it. */
export async function getTag(
  { tx }: ReadContext,
  { slug }: { readonly slug: string },
): Promise<Tag | null> {
  if (!isAddress(slug)) return null;
  const [row] = await tx
    .select(tagColumns)
    .from(tags)
    .leftJoin(articleTags, tagged)
    .leftJoin(articles, published)
    .where(eq(tags.slug, slug))
    .groupBy(tags.id);
  return row ?? null;
}
