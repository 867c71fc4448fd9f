import { asc } from "drizzle-orm";
import { tags } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";

/** All tags by name, including unused ones. */
export function listTagChoices({ tx }: ReadContext) {
  return tx
    .select({ id: tags.id, slug: tags.slug, name: tags.name })
    .from(tags)
    .orderBy(asc(tags.name));
}
