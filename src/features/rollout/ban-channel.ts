import { assertAdmin } from "@/auth/assert-admin.ts";
import { noteAudit } from "@/db/note-audit.ts";
import { channelBans } from "@/db/schema.ts";
import type { WriteContext } from "@/features/context.ts";

export interface ChannelBanInput {
  /** Null bans all people from the channel. */
  readonly userId: string | null;
  /** Null bans the person from every channel. */
  readonly channel: string | null;
  readonly reason?: string;
}

/**
 * Keeps a person from hearing a channel, everybody from one, or a person from all. What they may read
 * stays as it is. A trigger gives the channel another name on the wire: whoever is banned hears nothing
 * more from the commit on, the others are back within seconds. Again is as good as once.
 *
 * @throws {AppError} `forbidden` for anybody but admins.
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
  await noteAudit(ctx.tx, {
    actorId: ctx.viewer.userId,
    action: "channel.banned",
    subject: channel ?? `user ${userId}`,
    detail: detail,
  });
}
