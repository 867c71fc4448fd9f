import { sql } from "drizzle-orm";
import { reactions } from "@/db/schema.ts";
import type { Reactable } from "./schema.ts";

type Columns = Pick<typeof reactions.$inferSelect, "articleId" | "gistId" | "commentId">;

/** What was reacted to as the columns of the table, of which exactly one is set. */
export function columnsOf({ reactableType, reactableId }: Reactable): Columns {
  return {
    articleId: reactableType === "article" ? reactableId : null,
    gistId: reactableType === "gist" ? reactableId : null,
    commentId: reactableType === "comment" ? reactableId : null,
  };
}

/** What was reacted to, whichever of the columns it stands in. */
export const reactableId = sql<string>`coalesce(${reactions.commentId}, ${reactions.articleId}, ${reactions.gistId})`;
