import { on, type Source } from "querycast";
import { channels } from "./index.ts";
import { memberships } from "./publications.ts";

/** The viewer of a page of a publication. Members alone can join the channel of the team. */
export interface TeamViewer {
  /** Null when signed out. */
  readonly userId: string | null;
  readonly isMember: boolean;
}

/**
 * The signals after which the viewer may have other permissions in a publication. A query whose rows depend on
 * permissions follows them: its rows change, although no row of its tables does.
 */
export const standingSources = (
  publicationId: string,
  { userId, isMember }: TeamViewer,
): readonly Source[] => [
  userId !== null && memberships.all(channels.user({ userId })),
  isMember && on(channels.team({ publicationId }), "role.updated", "role.deleted"),
];
