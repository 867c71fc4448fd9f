import { sql } from "drizzle-orm";
import { refusalOf } from "@/db/refusal-of.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { AskInput } from "./schema.ts";

/**
 * Stores a question of a member, before it is answered.
 *
 * @throws {AppError} `not_found` when the viewer is no member; `conflict` when the id is in use.
 */
export async function ask(
  { tx, viewer }: Pick<WriteContext, "tx" | "viewer">,
  { publicationId, answerId, question }: AskInput,
  reasoner: string,
): Promise<void> {
  // Drizzle's insert names all columns, and those of the answer are not granted.
  await tx
    .execute(sql`insert into analyst_answers (id, publication_id, asker_id, question, reasoner)
      values (${answerId}, ${publicationId}, ${viewer.userId}, ${question}, ${reasoner})`)
    .catch((error: unknown) => {
      const refusal = refusalOf(error);
      if (refusal === "unique_violation") {
        throw new AppError("conflict", "This question was sent already. Reload the page.", {
          cause: error,
        });
      }
      if (refusal !== "insufficient_privilege" && refusal !== "foreign_key_violation") throw error;
      throw new AppError("not_found", "This publication does not exist, or you are no member.", {
        cause: error,
      });
    });
}
