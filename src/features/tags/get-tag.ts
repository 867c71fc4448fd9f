import { eq } from "drizzle-orm";
import { tags } from "@/db/schema.ts";
import type { ReadContext } from "@/features/context.ts";
import { articleCountColumn } from "./article-count.ts";
import type { Tag } from "./schema.ts";

export async function getTag(
  { tx }: ReadContext,
  { slug }: { readonly slug: string },
): Promise<Tag | null> {
  const [row] = await tx
    .select({
      id: tags.id,
      slug: tags.slug,
      name: tags.name,
      description: tags.description,
      articleCount: articleCountColumn,
    })
    .from(tags)
    .where(eq(tags.slug, slug));
  return row ?? null;
}
