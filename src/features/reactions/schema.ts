import { z } from "zod";

const reactionKind = z.enum(["like", "love", "insightful", "laugh", "surprise", "support"]);
export type ReactionKind = z.infer<typeof reactionKind>;

/** The target of a reaction. */
const reactable = z.object({
  reactableType: z.enum(["article", "gist", "comment"]),
  reactableId: z.uuid(),
});
export type Reactable = z.infer<typeof reactable>;

export const reactionInput = reactable.extend({ kind: reactionKind });
export type ReactionInput = z.infer<typeof reactionInput>;

/** Gives the final state, so that the request is idempotent. */
export const setReactionInput = reactionInput.extend({ isGiven: z.boolean() });
export type SetReactionInput = z.infer<typeof setReactionInput>;

/** Counts by kind; kinds without a reaction are left out. */
export type ReactionCounts = Readonly<Partial<Record<ReactionKind, number>>>;

/** Counts of a page and of some of its comments, by id of the target. Targets without a reaction are left out. */
export type PageReactions = Readonly<Record<string, ReactionCounts>>;

/** The viewer's own reactions there, by id of the target. */
export type OwnReactions = Readonly<Record<string, readonly ReactionKind[]>>;
