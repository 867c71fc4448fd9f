import { eq } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { numberColumns } from "./numbers.ts";
import type { Totals } from "./schema.ts";

/** Views, comments and reactions of each of the viewer's articles. */
export async function readTotals({ tx, viewer }: ReadContext): Promise<Totals> {
  if (viewer.userId === null) return {};
  const rows = await tx
    .select({ id: articles.id, ...numberColumns })
    .from(articles)
    .where(eq(articles.authorId, viewer.userId));
  return Object.fromEntries(rows.map(({ id, ...numbers }) => [id, numbers]));
}
