import { and, eq, isNull, sql } from "drizzle-orm";
import { channels } from "@/channels/index.ts";
import { importFiles, imports } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";

/** Marks an import as finished, and sends the counts to its open pages. */
export async function finishImport({ tx, send }: WriteContext, importId: string): Promise<void> {
  const [finished] = await tx
    .update(imports)
    .set({ finishedAt: sql`now()` })
    .where(and(eq(imports.id, importId), isNull(imports.finishedAt)))
    .returning({ id: imports.id });
  if (finished === undefined) return;
  const [counts] = await tx
    .select({
      drafts: sql<number>`count(${importFiles.articleId})::int`,
      failed: sql<number>`count(*) filter (where ${importFiles.articleId} is null)::int`,
    })
    .from(importFiles)
    .where(eq(importFiles.importId, importId));
  if (counts !== undefined) {
    send(channels.import({ importId }), { type: "import.finished", fields: counts });
  }
}
