import * as schema from "../schema.ts";
import type { PlacedComment } from "./comment-rows.ts";
import { type Page, pageReference } from "./page-rows.ts";
import { stableChance, stableId } from "./stable.ts";

export interface PlacedReaction {
  readonly id: string;
  readonly page: Page;
  readonly comment: PlacedComment | null;
  readonly userId: string;
  /** Author of the target. */
  readonly ownerId: string;
  readonly createdAt: Date;
  readonly row: typeof schema.reactions.$inferInsert;
}

type Kind = (typeof schema.reactionKind.enumValues)[number];

/** Share of each kind, in percent. */
const habits: Readonly<Record<Kind, number>> = {
  like: 42,
  insightful: 26,
  love: 16,
  support: 7,
  laugh: 6,
  surprise: 3,
};
/** Probability that a person reacts to content of another person. */
const likelihood = { article: 0.55, gist: 0.4, comment: 0.13 } as const;
/** Comments scroll out of sight faster than pages, so most reactions come early. */
const earliness = 2.5;

/** Reactions of all people to pages and comments of others: random, but always the same. */
export function reactionRows(
  userIds: readonly string[],
  pages: readonly Page[],
  comments: readonly PlacedComment[],
  now: Date,
): PlacedReaction[] {
  const targets = [
    ...pages.map((page) => ({ kind: page.type, page, comment: null, ownerId: page.ownerId })),
    ...comments.map((comment) => ({
      kind: "comment" as const,
      page: comment.page,
      comment,
      ownerId: comment.authorId,
    })),
  ];
  return targets.flatMap(({ kind, page, comment, ownerId }) =>
    userIds
      .filter((userId) => userId !== ownerId)
      .filter(
        (userId) => stableChance(`reacts:${userId}:${(comment ?? page).id}`) < likelihood[kind],
      )
      .map((userId): PlacedReaction => {
        const target = comment ?? page;
        const id = stableId(`reaction:${userId}:${target.id}`);
        const share = stableChance(`when:${id}`) ** earliness;
        const since = target.createdAt.getTime();
        const createdAt = new Date(since + (now.getTime() - since) * share);
        const reference = comment ? { commentId: comment.id } : pageReference(page);
        const row = { id, userId, kind: chooseKind(id), createdAt, ...reference };
        return { id, page, comment, userId, ownerId, createdAt, row };
      }),
  );
}

function chooseKind(name: string): Kind {
  let rest = stableChance(`kind:${name}`) * 100;
  for (const kind of schema.reactionKind.enumValues) {
    rest -= habits[kind];
    if (rest < 0) return kind;
  }
  return "like";
}
