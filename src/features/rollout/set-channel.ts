import { eq, sql } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { noteAudit } from "@/db/note-audit.ts";
import { channelSettings } from "@/db/schema.ts";
import type { WriteContext } from "@/features/context.ts";
import { toColumns, toStage } from "@/lib/stage.ts";
import type { SetChannelInput } from "./schema.ts";
import { rolloutChanged } from "./signals.ts";

/**
 * Switches a kind of channel and says who of those it is on for may hear it. Its rule stays as it is:
 * nobody hears what they could not before.
 *
 * @throws {AppError} `forbidden` for anybody but admins.
 */
export async function setChannel(
  ctx: WriteContext,
  { kind, stage, audience = "everyone" }: SetChannelInput,
): Promise<void> {
  assertAdmin(ctx.viewer);
  const { tx, viewer, publish } = ctx;
  const [before] = await tx.select().from(channelSettings).where(eq(channelSettings.kind, kind));
  if (stage === null && audience === "everyone") {
    await tx.delete(channelSettings).where(eq(channelSettings.kind, kind));
  } else {
    const set = {
      ...toColumns(stage ?? { status: "on" }),
      audience,
      changedBy: viewer.userId,
    };
    await tx
      .insert(channelSettings)
      .values({ kind, ...set })
      .onConflictDoUpdate({
        target: channelSettings.kind,
        set: { ...set, updatedAt: sql`now()` },
      });
  }
  const from = before && { stage: toStage(before), audience: before.audience };
  await noteAudit(ctx.tx, {
    actorId: ctx.viewer.userId,
    action: "channel.changed",
    subject: kind,
    detail: { from: from ?? null, to: { stage, audience } },
  });
  await publish(rolloutChanged());
}
