import { eq, sql } from "drizzle-orm";
import type { KindOptions } from "querycast";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { channelSettings } from "@/db/schema.ts";
import { toColumns, toSetStage } from "@/lib/stage.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { SetChannelInput } from "./schema.ts";
import { rolloutChanged } from "./signals.ts";

/**
 * Sets stage, audience and limits of a channel kind. Its access rule stays the same, so no one gets access
 * that they did not have.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins.
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
  await ctx.noteAct({
    action: "channel.changed",
    subject: kind,
    detail: { from: from ?? null, to: { stage, audience, options } },
  });
  await publish(rolloutChanged());
}

/** Leaves out unset options: null is not a value of an option. */
function toOptions({
  framesPerSecond,
  replayAtMost,
}: Pick<SetChannelInput, "framesPerSecond" | "replayAtMost">): KindOptions {
  return {
    ...(framesPerSecond != null && { framesPerSecond }),
    ...(replayAtMost != null && { replayAtMost }),
  };
}
