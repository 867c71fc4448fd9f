import { eq } from "drizzle-orm";
import { channelBans } from "@/db/schema.ts";
import type { WriteContext } from "@/features/context.ts";
import { assertAdmin, note } from "./as-admin.ts";
import type { LiftChannelBanInput } from "./schema.ts";
import { rolloutChanged } from "./signals.ts";

/** Lets hear again; open pages find out as with any change of the rollout. */
export async function liftChannelBan(
  ctx: WriteContext,
  { banId }: LiftChannelBanInput,
): Promise<void> {
  assertAdmin(ctx);
  const [row] = await ctx.tx.delete(channelBans).where(eq(channelBans.id, banId)).returning();
  if (row === undefined) return;
  const { userId, channel } = row;
  await note(ctx, "channel.unbanned", channel ?? `user ${userId}`, { banId, userId, channel });
  await ctx.publish(rolloutChanged());
}
