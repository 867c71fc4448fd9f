import { and } from "drizzle-orm";
import { comesBefore } from "@/db/rows/keyset.ts";
import { articles } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { CountNewerInput } from "../schema.ts";
import { inFeed } from "./in-feed.ts";

/** Number of published articles that are newer than one in the home feed. */
export function countNewer(
  { tx }: ReadContext,
  { id, publishedAt }: CountNewerInput,
): Promise<number> {
  return tx.$count(
    articles,
    and(
      inFeed(),
      comesBefore({ at: articles.publishedAt, id: articles.id }, { at: publishedAt, id }),
    ),
  );
}
