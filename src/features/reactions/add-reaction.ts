import { reactions } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { columnsOf } from "./columns.ts";
import { pageOf } from "./page-of.ts";
import { reactionId } from "./reaction-id.ts";
import type { ReactionInput } from "./schema.ts";
import { ownReactionChanged, reactionAdded } from "./signals.ts";

/**
 * Adds a reaction. One that exists already, even from another tab at the same time, is left unchanged and
 * publishes nothing: the table's constraint decides.
 *
 * @throws {AppError} `not_found` when the target was deleted or the viewer may not read it.
 */
export async function addReaction(
  { tx, viewer, publish, requestNotification }: WriteContext,
  input: ReactionInput,
): Promise<void> {
  const { userId } = viewer;
  const { kind, reactableId } = input;
  const page = await pageOf(tx, input);
  const [added] = await tx
    .insert(reactions)
    .values({ id: reactionId(userId, input), userId, kind, ...columnsOf(input) })
    .onConflictDoNothing()
    .returning({ id: reactions.id });
  if (added === undefined) return;

  await publish(reactionAdded(page, reactableId), ownReactionChanged(userId, reactableId));
  await requestNotification({ causeType: "reaction", causeId: added.id });
}
