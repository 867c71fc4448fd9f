import type postgres from "postgres";
import { channels } from "@/channels/index.ts";
import { removeMember } from "@/features/teams/remove-member.ts";
import type { Contexts } from "@/wiring/create-contexts.ts";
import type { Ledger } from "../checks/ledger.ts";
import type { Chat } from "../world/chat-rows.ts";
import type { Inhabitant } from "../world/world-rows.ts";

/** Removes members of the chat and takes them back. */
export interface Memberships {
  /** By the action of the site. */
  remove(member: Inhabitant): Promise<void>;
  /** In SQL, as an operator would. */
  takeBack(person: Inhabitant): Promise<void>;
  /** Whether the person is no member now. */
  isRemoved(userId: string): boolean;
  /** Whether the person has ever been removed. */
  wasRemoved(userId: string): boolean;
}

export interface MembershipsOptions {
  readonly contexts: Contexts;
  readonly owner: postgres.Sql;
  readonly chat: Chat;
  readonly ledger: Ledger;
}

export function createMemberships({
  contexts,
  owner,
  chat: { publicationId, founder },
  ledger,
}: MembershipsOptions): Memberships {
  const channel = channels.chat({ publicationId }).name;
  const outside = new Set<string>();
  const everOutside = new Set<string>();
  return {
    remove: async ({ viewer: { userId } }) => {
      everOutside.add(userId);
      await contexts.write(founder.viewer)((context) =>
        removeMember(context, { publicationId, userId }),
      );
      outside.add(userId);
      const [now] = await owner<{ epoch: number }[]>`
        select epoch::int as epoch from querycast.access_epochs where channel = ${channel}`;
      ledger.removed(channel, userId, now?.epoch ?? 0);
    },
    takeBack: async ({ viewer: { userId } }) => {
      ledger.returning(channel, userId);
      await owner`
        insert into publication_members (publication_id, user_id)
        values (${publicationId}, ${userId}) on conflict do nothing`;
      outside.delete(userId);
    },
    isRemoved: (userId) => outside.has(userId),
    wasRemoved: (userId) => everOutside.has(userId),
  };
}
