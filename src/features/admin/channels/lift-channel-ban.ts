import { eq } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { channelBans } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { LiftChannelBanInput } from "./schema.ts";
import { rolloutChanged } from "./signals.ts";

/** Lifts a channel ban. Open pages learn of it as of any rollout change. */
export async function liftChannelBan(
  ctx: WriteContext,
  { banId }: LiftChannelBanInput,
): Promise<void> {
  assertAdmin(ctx.viewer);
  const [row] = await ctx.tx.delete(channelBans).where(eq(channelBans.id, banId)).returning();
  if (row === undefined) return;
  const { userId, channel } = row;
  await ctx.noteAct({
    action: "channel.unbanned",
    subject: channel ?? `user ${userId}`,
    detail: { banId, userId, channel },
  });
  await ctx.publish(rolloutChanged());
}
