import { eq } from "drizzle-orm";
import { assertReadable } from "@/db/rows/assert-readable.ts";
import { users } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { ReplyNoteInput } from "./schema.ts";

/**
 * The message for the other readers of a page: who is replying, by handle. It contains nothing of the text.
 *
 * @throws {AppError} `unauthenticated`; `not_found` when the viewer may not read the page.
 */
export async function describeReplier(
  { tx, viewer: { userId } }: ReadContext,
  { targetId, isTyping, ...page }: ReplyNoteInput,
) {
  if (userId === null) throw new AppError("unauthenticated", "Sign in to reply.");
  const [, [person]] = await Promise.all([
    assertReadable(tx, page),
    tx.select({ handle: users.handle }).from(users).where(eq(users.id, userId)),
  ]);
  if (person === undefined) throw new AppError("not_found", "This account no longer exists.");
  return isTyping
    ? ({ type: "reply.typed", fields: { targetId, userId, handle: person.handle } } as const)
    : ({ type: "reply.ended", fields: { targetId, userId } } as const);
}
