import { z } from "zod";

const reactionKind = z.enum(["like", "love", "insightful", "laugh", "surprise", "support"]);
export type ReactionKind = z.infer<typeof reactionKind>;

/** What people react to. */
const reactable = z.object({
  reactableType: z.enum(["article", "gist", "comment"]),
  reactableId: z.uuid(),
});
export type Reactable = z.infer<typeof reactable>;

export const reactionInput = reactable.extend({ kind: reactionKind });
export type ReactionInput = z.infer<typeof reactionInput>;

/** Says how it should be afterwards, so that sending it twice does no harm. */
export const setReactionInput = reactionInput.extend({ isGiven: z.boolean() });
export type SetReactionInput = z.infer<typeof setReactionInput>;

/** How often each kind was given; a kind nobody gave is left out. */
export type ReactionCounts = Readonly<Partial<Record<ReactionKind, number>>>;

/** Of a page and of the comments of one page of its thread, by the id of what was reacted to; without a reaction, left out. */
export type PageReactions = Readonly<Record<string, ReactionCounts>>;

/** What the viewer has given there, by the id of what it was given to. */
export type OwnReactions = Readonly<Record<string, readonly ReactionKind[]>>;
