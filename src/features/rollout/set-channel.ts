import { eq, sql } from "drizzle-orm";
import type { KindOptions } from "querycast";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { noteAudit } from "@/db/note-audit.ts";
import { channelSettings } from "@/db/schema.ts";
import type { WriteContext } from "@/features/context.ts";
import { toColumns, toSetStage } from "@/lib/stage.ts";
import type { SetChannelInput } from "./schema.ts";
import { rolloutChanged } from "./signals.ts";

/**
 * Switches a kind of channel, says who of those it is on for may hear it, and within which limits. Its
 * rule stays as it is: nobody hears what they could not before.
 *
 * @throws {AppError} `forbidden` for anybody but admins.
 */
export async function setChannel(
  ctx: WriteContext,
  { kind, stage, audience = "everyone", ...limits }: SetChannelInput,
): Promise<void> {
  assertAdmin(ctx.viewer);
  const { tx, viewer, publish } = ctx;
  const options = toOptions(limits);
  const [before] = await tx.select().from(channelSettings).where(eq(channelSettings.kind, kind));
  if (stage === null && audience === "everyone" && Object.keys(options).length === 0) {
    await tx.delete(channelSettings).where(eq(channelSettings.kind, kind));
  } else {
    const set = {
      ...(stage === null ? { stage: null, percent: null } : toColumns(stage)),
      audience,
      options,
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
  const from = before && {
    stage: toSetStage(before),
    audience: before.audience,
    options: before.options,
  };
  await noteAudit(ctx.tx, {
    actorId: ctx.viewer.userId,
    action: "channel.changed",
    subject: kind,
    detail: { from: from ?? null, to: { stage, audience, options } },
  });
  await publish(rolloutChanged());
}

/** What is not set is left out: null is no value of an option. */
function toOptions({
  framesPerSecond,
  replayAtMost,
}: Pick<SetChannelInput, "framesPerSecond" | "replayAtMost">): KindOptions {
  return {
    ...(framesPerSecond != null && { framesPerSecond }),
    ...(replayAtMost != null && { replayAtMost }),
  };
}
