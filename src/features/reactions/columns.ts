import { sql } from "drizzle-orm";
import { reactions } from "@/db/schema.ts";
import type { Reactable } from "./schema.ts";

type Columns = Pick<typeof reactions.$inferSelect, "articleId" | "gistId" | "commentId">;

/** The target as columns of the table, of which exactly one is set. */
export function columnsOf({ reactableType, reactableId }: Reactable): Columns {
  return {
    articleId: reactableType === "article" ? reactableId : null,
    gistId: reactableType === "gist" ? reactableId : null,
    commentId: reactableType === "comment" ? reactableId : null,
  };
}

/** The id of the target, from whichever column is set. */
export const reactableId = sql<string>`coalesce(${reactions.commentId}, ${reactions.articleId}, ${reactions.gistId})`;
