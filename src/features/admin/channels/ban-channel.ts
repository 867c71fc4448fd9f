import { assertAdmin } from "@/auth/assert-admin.ts";
import { channelBans } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";

export interface ChannelBanInput {
  /** Null bans all people from the channel. */
  readonly userId: string | null;
  /** Null bans the person from every channel. */
  readonly channel: string | null;
  readonly reason?: string;
}

/**
 * Bans a person or all people from a channel, or a person from all channels. Read access stays. A trigger
 * gives the channel another wire name: banned people receive nothing more after the commit, and others
 * reconnect within seconds. It is idempotent.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins.
 */
export async function banChannel(
  ctx: WriteContext,
  { userId, channel, reason = "" }: ChannelBanInput,
): Promise<void> {
  assertAdmin(ctx.viewer);
  const [created] = await ctx.tx
    .insert(channelBans)
    .values({ userId, channel, reason, createdBy: ctx.viewer.userId })
    .onConflictDoNothing()
    .returning({ id: channelBans.id });
  if (created === undefined) return;
  const detail = { banId: created.id, userId, channel, reason };
  await ctx.noteAct({
    action: "channel.banned",
    subject: channel ?? `user ${userId}`,
    detail: detail,
  });
}
