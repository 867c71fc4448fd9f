import { asc } from "drizzle-orm";
import { tags } from "@/db/schema.ts";
import type { ReadContext } from "@/features/context.ts";

/** Every tag there is, also those nothing carries yet, by name. */
export function listTagChoices({ tx }: ReadContext) {
  return tx
    .select({ id: tags.id, slug: tags.slug, name: tags.name })
    .from(tags)
    .orderBy(asc(tags.name));
}
